import pino from 'pino';
import { startPack } from '../../../../test/estate/pack.ts';
import type { PackNotice } from '../../../ports/notify.ts';
import { withScanner } from '../index.ts';
import { auditWorker } from './run.ts';

const log = pino({ level: 'silent' });
const payload = { scheduleId: 'audit-1' };

/** An audit whose scan ends with a fault. */
const openFailing = async () => {
  const { parts, clock } = await startPack();
  const pack = withScanner(parts);
  const told: PackNotice[] = [];
  const worker = auditWorker({
    pack: { ...pack, scanner: { ...pack.scanner, scan: () => Promise.reject(new Error('the store is away')) } },
    audits: parts.audits,
    notify: { tell: async (notice) => void told.push(notice), find: async () => undefined },
  });
  const terms = { schedule: 'daily', time: '09:00', timezone: 'Europe/Berlin', format: 'email' } as const;
  await parts.audits.set(payload.scheduleId, { ...terms, recipients: ['ana'], status: 'active' }, 'ana@example.com');
  const run = (attempt: number, signal = new AbortController().signal) => {
    const at = new Date('2026-11-20T08:00:00.000Z');
    const job = { jobId: 'job', payload, attempt, createdAt: at, occurrence: { at, skipped: 0 } };
    return worker.work({ ...job, signal, log, now: parts.now, report: async () => {} });
  };
  const nextRun = async () => (await parts.audits.find(payload.scheduleId))?.nextRun;
  const advance = (to: string) => {
    clock.now = new Date(to);
  };
  return { worker, run, told, nextRun, advance };
};

describe('an audit that fails', () => {
  it('is told to admins at its last try, because its recipients hear nothing', async () => {
    const { run, told } = await openFailing();
    for (const attempt of [1, 2, 3]) await expect(run(attempt)).rejects.toThrow('the store is away');
    expect(told).toEqual([]);
    await expect(run(4)).rejects.toThrow('the store is away');
    expect(told).toMatchObject([
      {
        key: 'audit/audit-1/2026-11-20T08:00:00.000Z/failed',
        scope: 'admin',
        facts: [
          { label: 'Audit', value: 'every day at 09:00 (Europe/Berlin)' },
          { label: 'Planned for', value: '2026-11-20T09:00:00+01:00' },
          { label: 'Why' },
        ],
      },
    ]);
    expect(told[0]?.to).toBeUndefined();
  });

  it('comes next at its next time, once it failed for good', async () => {
    const { run, nextRun, advance } = await openFailing();
    advance('2026-11-21T09:00:00.000Z');
    await expect(run(1)).rejects.toThrow();
    expect(await nextRun()).toBe('2026-11-21T08:00:00.000Z');
    await expect(run(4)).rejects.toThrow();
    expect(await nextRun()).toBe('2026-11-22T08:00:00.000Z');
  });

  it('is not told of where the task only stops', async () => {
    const { run, told } = await openFailing();
    await expect(run(4, AbortSignal.abort())).rejects.toThrow();
    expect(told).toEqual([]);
  });

  it('has as long for a try as a scan that somebody asked for', async () => {
    const { worker } = await openFailing();
    expect(worker.longestSeconds).toBe(3600);
  });
});
