/** How long posts of alerts take until all of them are applied, at a thousand alerts a second, beside the goal. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { folderObjects } from '../../service/src/objects/folder.ts';
import { linked } from '../../service/src/objects/index.ts';
import { createApplier } from '../../service/src/packs/alerts/ingest/applier.ts';
import { createInbox } from '../../service/src/packs/alerts/ingest/inbox.ts';
import { createIngest } from '../../service/src/packs/alerts/ingest/ingest.ts';
import { createPostReader } from '../../service/src/packs/alerts/ingest/read-post.ts';
import { createEvents } from '../../service/src/packs/alerts/store/events.ts';
import { createStates } from '../../service/src/packs/alerts/store/states.ts';
import { median } from './process.ts';

export interface IngestFigures {
  readonly alerts: number;
  readonly different: number;
  /** Milliseconds until a sender hears that its post is kept. */
  readonly answerMs: number;
  /** From the first post to the moment at which all are applied. */
  readonly allSeconds: number;
  /** Processor time of all of it. */
  readonly processorSeconds: number;
}

const PER_POST = 500;
const GOAL_PER_SECOND = 1000;
const GOAL_SECONDS = 60;

const parts = (folder: string) => {
  const now = () => new Date();
  const log = pino({ level: 'silent' });
  const objects = linked(folderObjects(folder), { sign: () => Promise.reject(new Error('no links')) });
  const [inbox, states, events] = [createInbox(objects, log), createStates(objects, log, now), createEvents(objects)];
  const sns = { read: () => Promise.reject(new Error('no topics')) };
  const reader = createPostReader({ sns, topics: [], severityOf: () => 4, now });
  const jobs = { enqueue: async () => ({ jobId: 'job', isNew: true }) };
  const notify = { tell: async () => {} };
  const metrics = { count: () => {}, observe: () => {}, set: () => {} };
  return {
    ingest: createIngest({ reader, inbox, jobs, notify, log, clock: now }),
    applier: createApplier({ inbox, states, events, metrics, clock: now }),
  };
};

const postOf = (nth: number, different: number) => ({
  alerts: Array.from({ length: PER_POST }, (_, place) => {
    const number = (nth * PER_POST + place) % different;
    return { name: 'CellOut', site_code: `S${number % 500}`, element_id: `cell-${number}`, severity: 1 + (nth % 5) };
  }),
});

/** @param seconds of posts, a thousand alerts each; @param different alerts that they are about */
export const measureIngest = async (seconds = 60, different = 10_000): Promise<IngestFigures> => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-ingest-'));
  try {
    const { ingest, applier } = parts(folder);
    const { signal } = new AbortController();
    const posts = (seconds * GOAL_PER_SECOND) / PER_POST;
    const [began, before] = [performance.now(), process.cpuUsage()];
    const answers: number[] = [];
    for (let nth = 0; nth < posts; nth += 1) {
      const sent = performance.now();
      await ingest.receive(postOf(nth, different), 'generic', signal);
      answers.push(performance.now() - sent);
    }
    let applied = 0;
    await applier.run(signal, (_, outcome) => {
      applied += outcome.length;
    });
    if (applied !== posts * PER_POST) throw new Error(`${applied} alerts were applied, not ${posts * PER_POST}`);
    const { user, system } = process.cpuUsage(before);
    return {
      alerts: applied,
      different,
      answerMs: median(answers),
      allSeconds: (performance.now() - began) / 1000,
      processorSeconds: (user + system) / 1e6,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Markdown. */
export const tellIngest = ({ alerts, different, answerMs, allSeconds, processorSeconds }: IngestFigures): string =>
  [
    `${alerts.toLocaleString('en-US')} alerts in posts of ${PER_POST}, about ${different.toLocaleString('en-US')} different ones, on a folder: a minute at ${GOAL_PER_SECOND} a second, posted as fast as they are answered.`,
    '',
    '| | | goal |',
    '|---|--:|--:|',
    `| until a sender is answered, ms, median | ${answerMs.toFixed(1)} | |`,
    `| until all are applied, s | ${allSeconds.toFixed(1)} | ${GOAL_SECONDS} |`,
    `| processor time, s | ${processorSeconds.toFixed(1)} | |`,
  ].join('\n');
