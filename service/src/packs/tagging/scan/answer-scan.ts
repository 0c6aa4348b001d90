/**
 * How a scan tool comes to its scan: within its call where that is short, else by a job, which a cursor reads on. Pages of a
 * job's result carry its id, so that any task shows them for as long as the job is kept, and nothing is listed again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { Progress } from '../../../ports/worker.ts';
import { clean } from '../../../untrusted.ts';
import type { Period } from '../cost/costs.ts';
import type { ResolvedExtent } from './extent.ts';
import type { LongScans } from './long-scans.ts';
import { type SampleInput, type SampleOf, sampledInstead, scanSample } from './sample.ts';
import type { Scan, ScanOptions } from './scan.ts';
import { defaultLimits, type ScanLimits } from './scan-limits.ts';
import { estimateScan, type TaggingPack } from './scan-tool.ts';

/** How much longer a scan that becomes a job is read within its call, so that the job finds it under way. */
const OVERLAP_MS = 2_000;

export const ScanJob = z
  .object({
    scan_id: z.string(),
    status: z.enum(['running', 'done']),
    done: z.number().optional(),
    total: z.number().optional(),
    note: z.string().optional(),
    proceed: z.string().optional(),
  })
  .optional()
  .describe('A scan that goes on after its call. running: no result yet, go on with next_cursor');

const OfJob = z.looseObject({ scan_job: ScanJob });

/** A scan tool's answer: whole, or nothing but how far its scan is. */
export const answerOrJob = <Shape extends z.ZodRawShape>(shape: Shape) => {
  const whole = z.object(shape);
  return whole
    .partial()
    .extend({ scan_job: ScanJob })
    .superRefine((answer, context) => {
      if (OfJob.safeParse(answer).data?.scan_job?.status === 'running') return;
      const { success, error } = whole.safeParse(answer);
      for (const issue of success ? [] : error.issues)
        context.addIssue({ code: 'custom', message: issue.message, path: [...issue.path] });
    });
};

interface ScanDone {
  readonly kind: 'done';
  readonly scan: Scan;
  readonly cached: boolean;
  /** A job has recorded it in the history. */
  readonly recorded: boolean;
  /** Where the page begins; undefined for the first. */
  readonly cursor: string | undefined;
  /** Members of the answer that name its job, or say that it is a sample. */
  readonly job: { readonly scan_job?: z.input<typeof ScanJob>; readonly sample?: z.input<typeof SampleOf> };
  /** The cursor of the next page, as the answer has it. */
  goOn(next: string | undefined): { readonly next_cursor?: string };
}
interface ScanRunning {
  readonly kind: 'running';
  readonly answer: { readonly scan_job: z.input<typeof ScanJob>; readonly next_cursor: string };
}

/** What a cursor says: a page, of a job or not. `looks` makes each look at a job another call, which is waiting and no loop. */
interface Place {
  readonly jobId?: string;
  readonly looks: number;
  readonly page: string | undefined;
}

const placeOf = (cursor: string | undefined): Place => {
  const [, jobId, looks, page] = /^scan\.([0-9a-f-]{32,36})\.(\d{1,6})(?:\.([\w-]+))?$/.exec(cursor ?? '') ?? [];
  return jobId === undefined ? { looks: 0, page: cursor } : { jobId, looks: Number(looks), page };
};

const cursorOf = (jobId: string, looks: number, page: string | undefined): string =>
  `scan.${jobId}.${looks}${page === undefined ? '' : `.${page}`}`;

const runningAnswer = (jobId: string, looks: number, page: string | undefined, progress: Progress | undefined) => {
  const { done = 0, total, note } = progress ?? {};
  return {
    scan_job: {
      scan_id: jobId,
      status: 'running' as const,
      done,
      ...(total !== undefined && { total }),
      ...(note !== undefined && { note: clean(note) }),
      proceed: 'Call this tool again with the same arguments and next_cursor as cursor. It waits for the result.',
    },
    next_cursor: cursorOf(jobId, looks + 1, page),
  };
};

interface Asked {
  readonly input: SampleInput & { readonly cursor?: string | undefined };
  readonly resolved: ResolvedExtent;
  readonly costs: boolean;
  readonly fresh: boolean;
  readonly snapshot: boolean;
  /** Days the costs are of. Such a scan enters no history, which tells the last 30. */
  readonly period?: Period;
  /** The tool takes `sample`: others tell the whole, whatever was chosen for the session. */
  readonly mayBeSample?: boolean;
}

/** Is it too long for a call, as far as is known? What is kept takes no time. */
const isLong = async (pack: TaggingPack, { input, resolved, costs, fresh, period }: Asked, limits: ScanLimits) => {
  const { missing, of } = await pack.scanner.missing(resolved.extent, costs);
  const share = fresh ? 1 : missing / of;
  if (share === 0) return false;
  const { resources, seconds, known } = await estimateScan(pack, input, costs, period);
  return (known && resources * share > limits.resources) || seconds * share > limits.seconds;
};

/** Scans within the call. Undefined when that takes too long. */
const withinCall = async (pack: TaggingPack, asked: Asked, page: string | undefined, context: CallContext) => {
  const first = page === undefined;
  const { costs, fresh, period } = asked;
  const options: ScanOptions = { costs, fresh: fresh && first, nextPage: !first, ...(period && { period }) };
  if (pack.longScans === undefined) return pack.scanner.scan(asked.resolved, options, context);
  const [leave, ended] = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any([context.signal, leave.signal]);
  const scanning = pack.scanner.scan(asked.resolved, options, { ...context, signal });
  const { callMs } = pack.limits ?? defaultLimits;
  const late = sleep(callMs, undefined, { signal: ended.signal }).catch(() => undefined);
  const outcome = await Promise.race([scanning, late]).finally(() => ended.abort());
  if (outcome !== undefined) return outcome;
  scanning.catch(() => undefined);
  setTimeout(() => leave.abort(), OVERLAP_MS).unref();
  return undefined;
};

const ofJob = async (
  longScans: LongScans,
  jobId: string,
  { looks, page }: Place,
  waitMs: number,
  context: CallContext,
): Promise<ScanDone | ScanRunning> => {
  const outcome = await longScans.outcome(jobId, waitMs, context);
  if (outcome.state === 'running')
    return { kind: 'running', answer: runningAnswer(jobId, looks, page, outcome.progress) };
  return {
    kind: 'done',
    scan: outcome.scan,
    cached: page !== undefined,
    recorded: true,
    cursor: page,
    job: { scan_job: { scan_id: jobId, status: 'done' } },
    goOn: (next) => (next === undefined ? {} : { next_cursor: cursorOf(jobId, looks, next) }),
  };
};

/**
 * The scan of a call, or how far it is.
 * @throws cancelled when the caller leaves or somebody stopped the scan; upstream_error when a job failed
 */
export const scanOrJob = async (
  pack: TaggingPack,
  asked: Asked,
  context: CallContext,
): Promise<ScanDone | ScanRunning> => {
  const { longScans, limits = defaultLimits } = pack;
  const place = placeOf(asked.input.cursor);
  const { page } = place;
  const mayBeSample = asked.mayBeSample === true && asked.input.cursor === undefined;
  const whole = mayBeSample ? await sampledInstead(pack, asked.input, asked.costs, context) : undefined;
  if (whole !== undefined) {
    const { scan, sample } = await scanSample(pack, asked.resolved, whole, context);
    return { kind: 'done', scan, cached: false, recorded: true, cursor: undefined, job: { sample }, goOn: () => ({}) };
  }
  const asJob = longScans !== undefined && page === undefined && (await isLong(pack, asked, limits));
  if (place.jobId === undefined && !asJob) {
    const found = await withinCall(pack, asked, page, context);
    const goOn: ScanDone['goOn'] = (next) => (next === undefined ? {} : { next_cursor: next });
    if (found !== undefined) return { kind: 'done', ...found, recorded: found.cached, cursor: page, job: {}, goOn };
  }
  if (longScans === undefined)
    throw new CountersignError('not_found', 'cursor: is of a scan that is not kept here. Ask without it.');
  const { resolved, costs, fresh, snapshot, period } = asked;
  const begin = () => longScans.start({ resolved, costs, fresh, snapshot, period }, context.caller.personId);
  return ofJob(longScans, place.jobId ?? (await begin()), place, limits.waitMs, context);
};
