/**
 * A look at some resources before all of many: a hundred where there are more than a thousand. Each place is drawn from by what
 * the newest scan counted there. A sample is no scan: it enters no history, costs nothing, and has no further pages.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { amountAnswer, perCurrency } from '../../../measures/money.ts';
import { COST_DAYS, lastDays } from '../cost/costs.ts';
import type { Failure, Resource } from '../estate/estate.ts';
import { evaluate, qualityOf } from './evaluate.ts';
import { type ExtentInput, extentHash, type ResolvedExtent, wholeExtent } from './extent.ts';
import { failuresOf } from './failures.ts';
import { notScanned } from './not-scanned.ts';
import { placeKey, type ReadSlice, type SlicePlace } from './packed-slice.ts';
import type { Scan } from './scan.ts';
import { estimateScan, type ScanEstimate, type TaggingPack } from './scan-tool.ts';
import { placesOf } from './slices.ts';

/** Resources from which on a sample is offered, and of one. */
const [SAMPLED_ABOVE, SIZE] = [1000, 100];
const PLACES_AT_ONCE = 16;
/** How long always_sample and always_full hold for a person and client. */
const SESSION_SECONDS = 3600;
/** Seconds that drawing a sample takes. */
const SECONDS = 5;

const choices = ['sample', 'full', 'always_sample', 'always_full'] as const;

export const sampleInput = {
  sample: z.enum(choices).optional().describe('Above 1,000 resources: 100 of them, or all. always_: for an hour'),
};

/** Says that an answer is of a sample, and what all of it would take. */
export const SampleOf = z.record(z.string(), z.json()).optional().describe('Present: all of this is of a sample');

export type SampleInput = ExtentInput & { readonly sample?: (typeof choices)[number] | undefined };
type Asker = Pick<CallContext, 'caller'>;

const sessionOf = ({ caller }: Asker): string => `tagging:sample|${caller.personId}|${caller.clientId}`;

const chosen = async (pack: TaggingPack, { sample }: SampleInput, asker: Asker): Promise<string | undefined> =>
  sample ?? (await pack.ephemeral?.get(sessionOf(asker))) ?? undefined;

const aboveOf = (pack: TaggingPack): number => pack.limits?.sampledAbove ?? SAMPLED_ABOVE;

/** The estimate of the whole, where a sample is to be looked at in its place. Keeps what is to hold for the session. */
export const sampledInstead = async (
  pack: TaggingPack,
  input: SampleInput,
  costs: boolean,
  asker: Asker,
): Promise<ScanEstimate | undefined> => {
  const { sample } = input;
  if (sample?.startsWith('always_')) await pack.ephemeral?.set(sessionOf(asker), sample, SESSION_SECONDS);
  if (!(await chosen(pack, input, asker))?.endsWith('sample')) return undefined;
  const whole = await estimateScan(pack, input, costs);
  return whole.resources > aboveOf(pack) ? whole : undefined;
};

/** What a call would take: the whole, or a sample where that was chosen. */
export const estimateSampled = async (
  pack: TaggingPack,
  input: SampleInput,
  costs: boolean,
  asker: Asker,
): Promise<ScanEstimate> => {
  const whole = await estimateScan(pack, input, costs);
  const isSampled = (await chosen(pack, input, asker))?.endsWith('sample') && whole.resources > aboveOf(pack);
  if (!isSampled) return whole;
  const seconds = Math.min(whole.seconds, SECONDS);
  const apiCalls = Math.min(whole.apiCalls, SIZE);
  return { ...whole, resources: SIZE, apiCalls, charges: [], seconds, basis: `a sample of about ${whole.resources}` };
};

/** The question whether a sample is enough for now, where the call and its session do not say. */
export const sampleQuestion = async (pack: TaggingPack, input: SampleInput, asker: Asker) => {
  if ((await chosen(pack, input, asker)) !== undefined) return [];
  const { resources, seconds } = await estimateScan(pack, input, false);
  if (resources <= aboveOf(pack)) return [];
  const saved = Math.max(0, seconds - SECONDS);
  return [
    {
      parameter: 'sample',
      question: `It is about ${resources} resources. Look at a sample of ${SIZE} first? That saves about ${saved} seconds.`,
      options: [
        { value: 'sample', estimated_resources: SIZE, requires_approval: false },
        { value: 'full', estimated_resources: resources },
      ],
    },
  ];
};

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** How many resources to draw of each place that may have some. */
const quotas = async (pack: TaggingPack, places: readonly SlicePlace[]): Promise<Map<string, number>> => {
  const newest = await pack.scans.newest(extentHash(await wholeExtent(pack.estate)));
  const counted = new Map(
    newest?.inventory.map(([accountId, region, type, count]) => [placeKey({ accountId, region, type }), count]),
  );
  const known = places.filter((place) => counted.has(placeKey(place)));
  const total = known.reduce((sum, place) => sum + (counted.get(placeKey(place)) ?? 0), 0);
  if (total === 0) return new Map(places.map((place) => [placeKey(place), Math.ceil(SIZE / PLACES_AT_ONCE)]));
  return new Map(
    known.map((place) => [placeKey(place), Math.ceil((SIZE * (counted.get(placeKey(place)) ?? 0)) / total)]),
  );
};

interface Drawn extends SlicePlace {
  readonly resources: readonly Resource[];
  readonly failure?: Failure;
}

const drawFrom = async (pack: TaggingPack, place: SlicePlace, most: number, context: CallContext): Promise<Drawn> => {
  const extent = { accounts: [place.accountId], regions: [place.region], types: [place.type] };
  for await (const slice of pack.estate.list(extent, context))
    return {
      ...slice,
      resources: shuffled(slice.resources.filter(({ state }) => state !== 'terminated')).slice(0, most),
    };
  return { ...place, resources: [] };
};

const draw = async (pack: TaggingPack, { extent }: ResolvedExtent, context: CallContext): Promise<ReadSlice[]> => {
  const places = shuffled(placesOf(extent));
  const most = await quotas(pack, places);
  const found: ReadSlice[] = [];
  let left = SIZE;
  const candidates = places.filter((place) => most.has(placeKey(place)));
  for (let at = 0; at < candidates.length && left > 0; at += PLACES_AT_ONCE) {
    const some = candidates.slice(at, at + PLACES_AT_ONCE);
    const drawn = await Promise.all(
      some.map((place) => drawFrom(pack, place, most.get(placeKey(place)) ?? 0, context)),
    );
    for (const { resources, ...slice } of drawn) {
      const taken = resources.slice(0, left);
      left -= taken.length;
      found.push({ ...slice, count: taken.length, resources: () => taken });
    }
    await context.progress(SIZE - left, SIZE, 'Drawing a sample');
  }
  return found;
};

/** Reads a sample and judges it. Costs are not asked for. */
export const scanSample = async (
  pack: TaggingPack,
  resolved: ResolvedExtent,
  whole: ScanEstimate,
  context: CallContext,
): Promise<{ readonly scan: Scan; readonly sample: z.input<typeof SampleOf> }> => {
  const { extent, named } = resolved;
  const [policy, slices] = await Promise.all([pack.policy.current(), draw(pack, resolved, context)]);
  const failures = failuresOf(slices);
  const found = { slices, failures, spend: undefined, costsAsked: false, extent, wholeAccounts: false, named };
  const evaluation = await evaluate({ ...found, enabled: pack.estate.types() }, policy);
  const scan: Scan = {
    ...evaluation,
    scanId: `sample_${randomUUID()}`,
    timestamp: pack.now().toISOString(),
    extent,
    extentHash: extentHash(extent),
    policyVersion: policy.version,
    notScanned: notScanned(policy.policy, pack.estate.types()),
    quality: qualityOf(failures, slices.filter((slice) => slice.failure === undefined).length),
    failures,
    costFailures: [],
    period: lastDays(pack.now(), COST_DAYS),
    costsEstimated: false,
  };
  const sample = {
    resources: evaluation.folded.seen,
    of_estimated: whole.resources,
    seconds_saved: Math.max(0, whole.seconds - SECONDS),
    scan_all: {
      sample: 'full' as const,
      estimated_resources: whole.resources,
      api_calls: whole.apiCalls,
      estimated_cost: perCurrency(whole.charges).map((money) => ({ ...amountAnswer(money) })),
      estimated_time: whole.seconds,
    },
  };
  return { scan, sample };
};
