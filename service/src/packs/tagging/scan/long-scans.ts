/**
 * Scans that outlive the call that asked for them: a job lists, keeps each slice as it comes, and any task shows how far it is
 * and, once it is done, its result.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { taggableTypeNames } from '../../../../../contracts/packs/tagging.ts';
import { CountersignError } from '../../../errors.ts';
import type { Jobs, JobView } from '../../../ports/jobs.ts';
import { defineWorker, type Progress, type WorkedJob, type Worker } from '../../../ports/worker.ts';
import { COST_DAYS, lastDays } from '../cost/costs.ts';
import type { Estate } from '../estate/estate.ts';
import { extentHash, type ResolvedExtent, sharingCosts, sliceCount, wholeExtent } from './extent.ts';
import { batchesOf, type KeptBatch } from './job-rows.ts';
import { placeKey } from './packed-slice.ts';
import type { Scan, Scanner } from './scan.ts';
import type { ScanContext } from './scan-context.ts';
import { ScanRecord } from './scan-record.ts';
import type { Scans } from './scans.ts';
import type { EarlierSlice } from './slices.ts';

const WORKER = 'scan';
/** Scans of one task at once. */
const AT_ONCE = 2;
/** Seconds of one try: fifty accounts in twenty regions. */
const LONGEST_SECONDS = 3600;
const DELAYS = [5, 30, 120];
const LOOK_MS = 250;
/** Results that stay in memory, so that their pages are not read again. */
const KEPT_RESULTS = 4;
const KEPT_MS = 3_600_000;

const Payload = z.object({
  extent: z.object({
    accounts: z.array(z.string()),
    regions: z.array(z.string()),
    types: z.array(z.enum(taggableTypeNames)),
  }),
  named: z.array(z.enum(taggableTypeNames)),
  costs: z.boolean(),
  /** Read everything anew. */
  fresh: z.boolean(),
  /** Keep each resource's tags in the history. */
  snapshot: z.boolean(),
  /** Days the costs are of. Of others than the last 30 the history tells nothing. */
  period: z.object({ start: z.string(), end: z.string() }).optional(),
});
type Payload = z.infer<typeof Payload>;

export interface LongScanRequest extends Omit<Payload, 'extent' | 'named'> {
  readonly resolved: Pick<ResolvedExtent, 'extent' | 'named'>;
}

export type LongScanState =
  | { readonly state: 'running'; readonly progress: Progress | undefined }
  | { readonly state: 'done'; readonly scan: Scan };

export interface LongScans {
  /** Begins a scan, or joins one over the same that is under way. Returns its id. */
  start(request: LongScanRequest, by: string): Promise<string>;
  /**
   * Waits until it has ended, at most so long.
   * @throws not_found; cancelled when somebody stopped it; upstream_error when it failed as often as it may be tried
   */
  outcome(
    scanId: string,
    milliseconds: number,
    context: Pick<ScanContext, 'signal' | 'progress'>,
  ): Promise<LongScanState>;
  /** Stops it for everybody, in whichever task it runs. @throws not_found, also for one that somebody else began; conflict when it has ended */
  stop(scanId: string, by: string): Promise<void>;
  readonly worker: Worker;
}

export interface LongScanParts {
  readonly jobs: Jobs;
  readonly scanner: Scanner;
  readonly scans: Scans;
  readonly estate: Estate;
}

/** The last of each place: a later try replaces what an earlier one could not read. */
const latest = (batches: readonly KeptBatch[]): EarlierSlice[] => [
  ...new Map(batches.flatMap(({ slices }) => slices.map((slice) => [placeKey(slice), slice] as const))).values(),
];

const scopeOf = ({ extent, named, costs, fresh, snapshot, period }: Payload): string =>
  JSON.stringify([extentHash(extent), [...named].sort(), costs, fresh, snapshot, period?.start, period?.end]);

type NumberedBatch = KeptBatch & { readonly number: number };

const collected = async (jobs: Pick<Jobs, 'results'>, jobId: string): Promise<NumberedBatch[]> => {
  const found: NumberedBatch[] = [];
  for await (const batch of batchesOf(jobs, jobId)) found.push(batch);
  return found;
};

const requestOf = ({ extent, named }: Payload) => ({ extent, named: new Set(named) });

/** Lists what earlier tries did not, keeps it, and records the scan in the history. */
const work = async (
  { jobs, scanner, scans, estate }: LongScanParts,
  { jobId, payload, signal, log, report, createdAt }: WorkedJob<Payload>,
) => {
  const batches = await collected(jobs, jobId);
  const whole = await wholeExtent(estate);
  const written = await scanner.written();
  const earlier = latest(batches.filter((batch) => batch.written === written)).filter(
    (slice) => slice.failure === undefined,
  );
  await scanner.restore(earlier, written);
  const total = sliceCount(payload.costs ? sharingCosts(payload.extent, whole) : payload.extent);
  const record = new ScanRecord({ report, total, written, earlier, lastBatch: batches.at(-1)?.number ?? 0 });
  const context = { signal: AbortSignal.any([signal, record.lost]), log, progress: async () => {} };
  const { costs, period } = payload;
  const options = { costs, fresh: false, whole: true, onSlice: record.add, ...(period && { period }) };
  const since = payload.fresh ? { since: createdAt.toISOString() } : {};
  const { scan, spend } = await scanner.scan(requestOf(payload), { ...options, ...since }, context);
  await record.end(spend);
  // The same at each try, so that a task that dies before it says so records nothing twice.
  if (period === undefined) await scans.record({ ...scan, scanId: `scan_${jobId}` }, { snapshot: payload.snapshot });
  return { result: { quality: scan.quality, resources: scan.folded.seen } };
};

type ResultParts = Parameters<Scanner['ofParts']>[0];

const partsOf = async (jobs: Pick<Jobs, 'results'>, { jobId, payload, createdAt }: JobView): Promise<ResultParts> => {
  const asked = Payload.parse(payload);
  const batches = await collected(jobs, jobId);
  const spend = batches.findLast((batch) => batch.spend !== undefined)?.spend;
  const period = spend?.period ?? asked.period ?? lastDays(createdAt, COST_DAYS);
  return { request: requestOf(asked), slices: latest(batches), spend, period, costs: asked.costs };
};

export const createLongScans = (parts: LongScanParts): LongScans => {
  const { jobs, scanner } = parts;
  const kept = new LRUCache<string, Promise<ResultParts>>({ max: KEPT_RESULTS, ttl: KEPT_MS });
  const running = async (scope: string): Promise<string | undefined> => {
    for (const status of ['running', 'waiting'] as const)
      for (const job of (await jobs.list(status, { limit: 50 })).items) {
        const payload = job.worker === WORKER ? Payload.safeParse(job.payload) : undefined;
        if (payload?.success && scopeOf(payload.data) === scope) return job.jobId;
      }
    return undefined;
  };
  const resultOf = async (job: JobView): Promise<Scan> => {
    const read = kept.get(job.jobId) ?? partsOf(jobs, job);
    kept.set(job.jobId, read);
    read.catch(() => kept.delete(job.jobId));
    return { ...(await scanner.ofParts(await read, job.jobId)), scanId: `scan_${job.jobId}` };
  };
  const found = async (scanId: string): Promise<JobView> => {
    const job = await jobs.get(scanId);
    if (job?.worker === WORKER) return job;
    throw new CountersignError('not_found', 'There is no such scan, or it is no longer kept. Ask without cursor.');
  };
  return {
    start: async ({ resolved, ...asked }, by) => {
      const { accounts, regions, types } = resolved.extent;
      const payload: Payload = {
        ...asked,
        extent: { accounts: [...accounts], regions: [...regions], types: [...types] },
        named: [...resolved.named],
      };
      const same = await running(scopeOf(payload));
      return same ?? (await jobs.enqueue({ worker: WORKER, payload, requestedBy: by })).jobId;
    },
    outcome: async (scanId, milliseconds, { signal, progress }) => {
      const until = performance.now() + milliseconds;
      for (;;) {
        const job = await found(scanId);
        if (job.status === 'done') return { state: 'done', scan: await resultOf(job) };
        if (job.status === 'cancelled')
          throw new CountersignError('cancelled', 'The scan was stopped. Ask without cursor to begin another.');
        if (job.status === 'failed' || job.status === 'superseded')
          throw new CountersignError(
            'upstream_error',
            `The scan failed: ${job.lastError ?? 'nobody knows why'}. Ask without cursor to begin another.`,
          );
        if (performance.now() >= until) return { state: 'running', progress: job.progress };
        const { done = 0, total = done, note } = job.progress ?? {};
        await progress(done, total, note);
        await sleep(LOOK_MS, undefined, { signal });
      }
    },
    stop: async (scanId, by) => {
      const job = await found(scanId);
      if (job.requestedBy !== by) throw new CountersignError('not_found', 'You began no such scan.');
      await jobs.cancel(scanId, by);
    },
    worker: defineWorker({
      name: WORKER,
      description: 'Lists resources of many accounts and regions, and judges their tags.',
      payload: Payload,
      atOnce: AT_ONCE,
      longestSeconds: LONGEST_SECONDS,
      delays: DELAYS,
      work: (job) => work(parts, job),
    }),
  };
};
