import pino from 'pino';
import { watchInboxWorker } from './watch-inbox.ts';

const clock = () => new Date('2026-05-01T10:02:00.000Z');

it.each([
  ['is that of the oldest post that waits', '2026-05-01T10:00:30.000Z', 90],
  ['is none where all are applied', undefined, 0],
  ['is none where the clock of the store is ahead', '2026-05-01T10:02:01.000Z', 0],
])('the age of the inbox %s', async (_, since, seconds) => {
  const measured: unknown[] = [];
  const worker = watchInboxWorker({
    inbox: { waitingSince: async () => (since === undefined ? undefined : new Date(since)) },
    metrics: { set: (...metric) => void measured.push(metric) },
    clock,
  });
  await worker.work({
    ...{ jobId: 'a-job', attempt: 1, createdAt: clock(), payload: {}, log: pino({ level: 'silent' }), now: clock },
    signal: new AbortController().signal,
    report: async () => {},
  });
  expect(measured).toEqual([['AlertInboxAge', {}, seconds]]);
});
