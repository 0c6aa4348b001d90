/** What the scan tools do alike before and around their run: estimate, questions, assumptions, completion. */
import type { CallContext } from '../../../call.ts';
import type { Ambiguity, Estimate } from '../../../mcp/tool.ts';
import { COST_DAYS, lastDays } from '../cost/costs.ts';
import type { Extent } from '../estate/estate.ts';
import type { TaggingServices } from '../services.ts';
import {
  type ExtentInput,
  type ResolvedExtent,
  resolveExtent,
  sharingCosts,
  sliceCount,
  wholeExtent,
} from './extent.ts';
import type { LongScans } from './long-scans.ts';
import type { Scanner } from './scan.ts';

/** The pack's services and the scanner its tools share. */
export interface TaggingPack extends TaggingServices {
  readonly scanner: Scanner;
  /** Scans that outlive their call. */
  readonly longScans?: LongScans | undefined;
}

const RESOURCES_PER_PAGE = 100;
const SECONDS_PER_CALL = 0.15;
/** Parts listed side by side. */
const SLICES_AT_ONCE = 16;

const COUNTED = 'an estimate: what the newest scan of it counted';
const GUESSED = 'a guess: nothing of it was scanned yet';

export interface ScanEstimate extends Estimate {
  /** An earlier scan counted it. */
  readonly known: boolean;
}

/**
 * What a scan would take, from what earlier scans counted. No upstream call.
 * @param period days the costs are of
 */
export const estimateScan = async (
  pack: TaggingPack,
  input: ExtentInput,
  costs: boolean,
  period = lastDays(pack.now(), COST_DAYS),
): Promise<ScanEstimate> => {
  const { extent } = await resolveExtent(input, pack.estate, pack.settings);
  const whole = await wholeExtent(pack.estate);
  const { resources, known } = await pack.scans.size(extent, whole);
  const read = costs ? sharingCosts(extent, whole) : extent;
  const { accounts, regions } = read;
  const price = pack.costs.price({ accounts, regions, period });
  const listed = costs ? (await pack.scans.size(read, whole)).resources : resources;
  // A listing of each slice, and the tags of each account and region, in pages of a hundred.
  const listing = sliceCount(read) + accounts.length * regions.length + Math.ceil((2 * listed) / RESOURCES_PER_PAGE);
  const apiCalls = listing + (costs ? price.requests : 0);
  return {
    resources,
    apiCalls,
    charges: costs ? price.charges : [],
    seconds: Math.ceil((apiCalls * SECONDS_PER_CALL) / Math.min(SLICES_AT_ONCE, sliceCount(read))),
    known,
    basis: known ? COUNTED : GUESSED,
  };
};

/** Which types and regions are meant, when the call does not say; the one that narrows most first. */
export const scanAmbiguities = async (pack: TaggingPack, input: ExtentInput): Promise<Ambiguity[]> => {
  const { extent, allTypes } = await resolveExtent(input, pack.estate, pack.settings);
  const whole = await wholeExtent(pack.estate);
  const option = async (value: unknown, narrowed: Partial<Extent>) => {
    const { resources } = await pack.scans.size({ ...extent, ...narrowed }, whole);
    return { value, estimated_resources: resources };
  };
  const questions: Ambiguity[] = [];
  if (allTypes)
    questions.push({
      parameter: 'resource_types',
      question: 'Which resource types should be looked at?',
      options: [
        ...(await Promise.all(extent.types.map((type) => option([type], { types: [type] })))),
        await option(['all'], {}),
      ],
    });
  if (input.regions === undefined && extent.regions.length > 1)
    questions.push({
      parameter: 'regions',
      question: 'Which regions should be looked at?',
      options: [
        ...(await Promise.all(extent.regions.map((region) => option([region], { regions: [region] })))),
        await option(extent.regions, {}),
      ],
    });
  return questions.sort((a, b) => saving(b) - saving(a));
};

const saving = ({ options }: Ambiguity): number => {
  const sizes = options.map((each) => each.estimated_resources);
  return Math.max(...sizes) - Math.min(...sizes);
};

/** The extent of a call, its assumptions told. */
export const extentOf = async (
  pack: TaggingPack,
  input: ExtentInput,
  context: CallContext,
): Promise<ResolvedExtent> => {
  await pack.estate.learnNames?.(context);
  const resolved = await resolveExtent(input, pack.estate, pack.settings);
  for (const belief of resolved.assumed) context.assume(belief);
  return resolved;
};

const startingWith = (values: readonly string[], typed: string): string[] =>
  values.filter((value) => value.toLowerCase().startsWith(typed.toLowerCase()));

/** Values for the arguments of scan tools. */
export const completeScan = async (pack: TaggingPack, argument: string, typed: string): Promise<readonly string[]> => {
  switch (argument) {
    case 'resource_types':
      return startingWith([...pack.estate.types(), 'all'], typed);
    case 'regions':
      return startingWith(await pack.estate.regions(), typed);
    case 'accounts':
      return startingWith(
        (await pack.estate.accounts()).map((account) => account.accountId),
        typed,
      );
    default:
      return [];
  }
};

/** Tag keys of the policy, and the values it allows for them. */
export const completeTags = async (pack: TaggingPack, typed: string): Promise<readonly string[]> => {
  const { policy } = await pack.policy.current();
  const [key, value] = typed.split('=', 2);
  const tags = [...policy.required_tags, ...policy.optional_tags];
  if (value === undefined)
    return startingWith(
      tags.map((tag) => tag.name),
      typed,
    );
  const allowed = tags.find((tag) => tag.name === key)?.allowed_values ?? [];
  return startingWith(
    allowed.map((each) => `${key}=${each}`),
    typed,
  );
};
