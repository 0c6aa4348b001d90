/** What another policy would make of the estate as it was last seen: the score, and each tag. */
import { setImmediate } from 'node:timers/promises';
import type { CallContext } from '../../../call.ts';
import type { Impact } from '../../../measures/impact.ts';
import { plural } from '../../../measures/words.ts';
import { COMPLIANCE_IMPACT } from '../changes/bulk-plan.ts';
import { named } from '../changes/wording.ts';
import { parseArn } from '../estate/arn.ts';
import type { Tags } from '../estate/estate.ts';
import type { ResourceType } from '../estate/resource-types.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { ratio } from '../scan/score.ts';
import type { LoadedPolicy } from './policy.ts';
import { errorsOf, isJudged } from './violations.ts';

/** A resource as a snapshot has it. Terminated ones are in none. */
interface Seen {
  readonly type: ResourceType;
  readonly tags: Tags;
}

interface Snapshot {
  readonly asOf: string;
  readonly resources: Iterable<Seen>;
}

export interface PolicyEffect {
  readonly asOf: string;
  readonly before: { readonly total: number; readonly compliant: number };
  readonly after: { readonly total: number; readonly compliant: number };
  /** Resources that are compliant now and will not be, and the other way round. */
  readonly lost: number;
  readonly gained: number;
  /** By tag, the resources on which it is missing or wrong. */
  readonly tags: ReadonlyMap<string, { readonly before: number; readonly after: number }>;
}

/** Resources judged between two turns of the event loop. */
const AT_ONCE = 2000;
/** Tags that a plan tells one by one. */
const MOST_TAGS = 20;

const unnamed: ReadonlySet<ResourceType> = new Set();

const fromArns = function* (tags: ReadonlyMap<string, Tags>): Generator<Seen> {
  for (const [arn, held] of tags) {
    const type = parseArn(arn)?.type;
    if (type !== undefined) yield { type, tags: held };
  }
};

/** The estate as it was last seen whole: within the hour, else by the newest scan that kept each resource's tags. */
const newestSnapshot = async (pack: TaggingPack, policy: LoadedPolicy): Promise<Snapshot | undefined> => {
  const whole = await wholeExtent(pack.estate);
  const recent = await pack.scanner.recent(whole, policy.version);
  if (recent?.quality === 'complete') return { asOf: recent.timestamp, resources: recent.each() };
  const kept = await pack.scans.newestSnapshot(extentHash(whole));
  const tags = kept && (await pack.scans.snapshot(kept));
  return kept && tags && { asOf: kept.timestamp, resources: fromArns(tags) };
};

const judgedBy = ({ type, tags }: Seen, policy: LoadedPolicy): string[] | undefined =>
  isJudged({ type, state: 'available' }, policy, unnamed)
    ? errorsOf(type, tags, policy).map(({ tagName }) => tagName)
    : undefined;

class Tally {
  total = 0;
  compliant = 0;
  readonly tags = new Map<string, number>();

  add(errors: readonly string[] | undefined): boolean {
    if (errors === undefined) return false;
    this.total += 1;
    if (errors.length === 0) this.compliant += 1;
    for (const tag of errors) this.tags.set(tag, (this.tags.get(tag) ?? 0) + 1);
    return errors.length === 0;
  }
}

/** Undefined: no scan kept the tags of the whole estate. */
export const effectOf = async (
  pack: TaggingPack,
  from: LoadedPolicy,
  to: LoadedPolicy,
  { signal }: Pick<CallContext, 'signal'>,
): Promise<PolicyEffect | undefined> => {
  const snapshot = await newestSnapshot(pack, from);
  if (snapshot === undefined) return undefined;
  const [before, after] = [new Tally(), new Tally()];
  let [lost, gained, seen] = [0, 0, 0];
  for (const resource of snapshot.resources) {
    const [was, becomes] = [judgedBy(resource, from), judgedBy(resource, to)];
    const [complied, complies] = [before.add(was), after.add(becomes)];
    if (complied && becomes !== undefined && !complies) lost += 1;
    if (was !== undefined && !complied && complies) gained += 1;
    seen += 1;
    if (seen % AT_ONCE === 0) await setImmediate();
    signal.throwIfAborted();
  }
  const names = new Set([...before.tags.keys(), ...after.tags.keys()]);
  const tags = new Map(
    Array.from(names, (tag) => [tag, { before: before.tags.get(tag) ?? 0, after: after.tags.get(tag) ?? 0 }]),
  );
  return { asOf: snapshot.asOf, before, after, lost, gained, tags };
};

const scoreOf = ({ total, compliant }: PolicyEffect['before']): number | null =>
  total === 0 ? null : ratio(compliant, total);

/** The lines of the plan. Tags are told where their number changes, the largest change first. */
export const impactOfPolicy = (effect: PolicyEffect): Impact[] => {
  const { asOf, before, after, tags } = effect;
  const count = { unit: 'count', asOf } as const;
  const moved = [...tags].filter(([, tag]) => tag.before !== tag.after);
  const bySize = moved.toSorted(
    ([, one], [, other]) => Math.abs(other.after - other.before) - Math.abs(one.after - one.before),
  );
  return [
    { label: COMPLIANCE_IMPACT, unit: 'ratio', before: scoreOf(before), after: scoreOf(after), asOf },
    { label: 'Compliant resources', before: before.compliant, after: after.compliant, ...count },
    { label: 'Resources in scope', before: before.total, after: after.total, ...count },
    ...bySize
      .slice(0, MOST_TAGS)
      .map(([tag, numbers]) => ({ label: `Resources without a right ${named(tag)}`, ...numbers, ...count })),
  ];
};

/** Sentences about the effect, for whoever approves. */
export const effectWarnings = (effect: PolicyEffect | undefined): string[] => {
  if (effect === undefined)
    return [
      'What it does to the score is not known: no scan of the whole estate kept the tags of its resources. Run check_tag_compliance with store_snapshot, and ask again.',
    ];
  const { lost, gained, before, after } = effect;
  return [
    ...(lost > 0 ? [`Compliant now, a violation after: ${plural(lost, 'resource')}.`] : []),
    ...(gained > 0 ? [`A violation now, compliant after: ${plural(gained, 'resource')}.`] : []),
    ...(after.total < before.total
      ? [`Judged now, not judged after: ${plural(before.total - after.total, 'resource')}.`]
      : []),
    ...(after.total === 0 ? ['Nothing will be judged any more, so there will be no score.'] : []),
  ];
};
