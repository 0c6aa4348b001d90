/** A real process is killed in the middle of a scan that is a job: the next one goes on where it was, and its result is whole. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { jobsOf } from '../../src/jobs/port.ts';
import { sandboxAccounts } from '../../src/packs/tagging/sandbox/accounts.ts';
import { batchesOf } from '../../src/packs/tagging/scan/job-rows.ts';
import { placeKey } from '../../src/packs/tagging/scan/packed-slice.ts';
import { type ServiceRig, type SpawnedService, spawnService, startService } from '../rigs/service.ts';
import { slowEstate } from '../rigs/slow-estate.ts';
import { putNewDatabase } from '../servers/new-database.ts';
import { connect, rowsOf } from './watched.ts';
import { at, type Caller } from './wire.ts';

const environment = { ENCRYPTION_KEY: 'one key for all of them, as long as it has to be' };
const accounts = sandboxAccounts.map(({ accountId }) => accountId);
const stopsAt = accounts.at(-1) ?? '';
const Answer = z.looseObject({
  scan_job: z.looseObject({ scan_id: z.string(), status: z.string(), done: z.number().optional() }).optional(),
  next_cursor: z.string().optional(),
  total_resources: z.number().optional(),
  total_violations: z.number().optional(),
  violations: z.array(z.unknown()).optional(),
});

const check = async (caller: Caller, cursor?: string) => {
  const answer = await caller.execute('check_tag_compliance', { limit: 200, ...(cursor && { cursor }) });
  return Answer.parse(at(answer.json, 'result'));
};
/** Looks at a scan until it is as wanted. */
const until = async (
  caller: Caller,
  cursor: string | undefined,
  wanted: (answer: z.output<typeof Answer>) => boolean,
) => {
  for (let answer = await check(caller, cursor); ; answer = await check(caller, answer.next_cursor)) {
    if (wanted(answer)) return answer;
    await sleep(100);
  }
};

describe('a scan whose process is killed', () => {
  const estate = slowEstate();
  let folder: string;
  let killed: SpawnedService;
  let next: ServiceRig;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-killed-scan-'));
    await putNewDatabase(folder);
    killed = await spawnService({
      dataDir: folder,
      program: 'service/test/faults/scanning.ts',
      environment: { ...environment, STOPS_AT: stopsAt },
    });
  });
  afterAll(async () => {
    await killed?.stop();
    await next?.stop();
    await rm(folder, { recursive: true });
  });

  it('goes on after a restart: what was kept is not read again, nothing is lost and nothing is there twice', async () => {
    const before = await connect(killed.url, 'ana');
    const first = await until(before.caller, undefined, ({ scan_job }) => scan_job?.done === 42);
    await killed.kill();

    next = await startService({ dataDir: folder, environment, overrides: { packs: { tagging: estate.openPack } } });
    estate.shut();
    estate.open();
    const { caller } = await connect(next.url, 'ana');
    next.advance(61);
    const done = await until(caller, first.next_cursor, ({ scan_job }) => scan_job?.status === 'done');
    expect(done.total_resources).toBe(450);
    // The sandbox makes up its costs from all accounts; for the scan it is asked for one only.
    expect(estate.asked.toSorted()).toEqual([...accounts, stopsAt].toSorted());

    const seen = [...(done.violations ?? [])];
    for (let page = done; page.next_cursor !== undefined; ) {
      page = await check(caller, page.next_cursor);
      seen.push(...(page.violations ?? []));
    }
    expect(new Set(seen.map((each) => JSON.stringify(each))).size).toBe(seen.length);
    expect(seen).toHaveLength(done.total_violations ?? 0);

    const { tables } = next.running.state;
    const jobId = done.scan_job?.scan_id ?? '';
    const places: string[] = [];
    for await (const { slices } of batchesOf(
      jobsOf('tagging', { tables, now: () => new Date(), wake: () => {} }),
      jobId,
    ))
      places.push(...slices.map(placeKey));
    expect([places.length, new Set(places).size]).toEqual([63, 63]);
    const recorded: unknown[] = [];
    for await (const { scanId } of rowsOf(tables, 'scans')) if (scanId === `scan_${jobId}`) recorded.push(scanId);
    expect(recorded).toHaveLength(1);
  });
});
