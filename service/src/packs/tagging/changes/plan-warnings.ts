/** What a plan says to whoever approves it, beside its numbers. Pure. */
import { clean } from '../../../untrusted.ts';
import type { Tags } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { accessWarnings } from '../policy/tag-rules.ts';
import type { Basis } from './basis.ts';
import { newViolations, newViolationWarnings } from './new-violations.ts';
import { ownerWarnings } from './owners.ts';
import { keysOf, type Target, type Wanted } from './targets.ts';
import { counted, listed, mostNamed, named, quoted } from './wording.ts';

/** Does it carry another value for one of these tags? */
const carriesOther = ({ before }: Pick<Target, 'before'>, tags: Tags): boolean =>
  Object.entries(tags).some(([key, value]) => Object.hasOwn(before, key) && before[key] !== value);

/** What becomes of values that are there already. */
const presentWarnings = ({ open, all }: PlanParts, wanted: Wanted): string[] => {
  if ('remove' in wanted) return [];
  const over = open.filter((target) => carriesOther(target, target.set)).length;
  const kept = wanted.only_if_missing ? all.filter((target) => carriesOther(target, wanted.tags)).length : 0;
  return [
    ...(over > 0 ? [`Another value is overwritten on ${counted(over, 'resource')}.`] : []),
    ...(wanted.only_if_missing ? ['What is no longer missing when this is applied is left out then, and told.'] : []),
    ...(kept > 0 ? [`${counted(kept, 'resource')} ${kept === 1 ? 'keeps' : 'keep'} another value.`] : []),
  ];
};

const leftOutWarning = (unchanged: number, wanted: Wanted): string[] => {
  if (unchanged === 0) return [];
  if ('remove' in wanted) return [`Left out, without these tags already: ${counted(unchanged, 'resource')}.`];
  return [
    wanted.only_if_missing
      ? `Left out, because nothing is missing: ${counted(unchanged, 'resource')}.`
      : `Left out, with these tags already: ${counted(unchanged, 'resource')}.`,
  ];
};

/** Keys beside those that are touched that differ from them by their case only. */
const twinWarning = (targets: readonly Target[], touched: readonly string[]): string[] => {
  const keys = new Set(touched.map((key) => key.toLowerCase()));
  const twins = targets
    .map(({ before }) => Object.keys(before).filter((key) => keys.has(key.toLowerCase()) && !touched.includes(key)))
    .filter((spellings) => spellings.length > 0);
  if (twins.length === 0) return [];
  const spellings = [...new Set(twins.flat())].map(named);
  const shown = [...spellings.slice(0, mostNamed), ...(spellings.length > mostNamed ? ['…'] : [])].join(', ');
  return [
    `${counted(twins.length, 'resource')} also ${twins.length === 1 ? 'has' : 'have'} a key spelled differently (${shown}); it stays as it is.`,
  ];
};

/** Names what could not be planned, and what to do about it, once for each reason. */
const unplanned = (failing: readonly Target[]): string[] => {
  const reasons = Map.groupBy(
    failing.filter((target) => target.remedy !== undefined),
    (target) => clean(target.remedy ?? ''),
  );
  return [...reasons].map(([remedy, group]) => {
    const names = group.map(({ arn }) => quoted(arn.id));
    return `Left alone: ${listed(names, 'resource')}. ${remedy}`;
  });
};

/** Blanks at an end are kept by some services and trimmed by others and by consoles, and no list of values has them. */
const blankWarning = (tags: Tags): string[] => {
  const blank = Object.entries(tags).filter(([key, value]) => key.trim() !== key || value.trim() !== value);
  return blank.length === 0
    ? []
    : [
        `Blanks begin or end ${listed(
          blank.map(([key]) => quoted(key)),
          'tag',
        )}.`,
      ];
};

export interface PlanParts {
  readonly open: readonly Target[];
  readonly failing: readonly Target[];
  /** Of resources that would neither change nor fail. */
  readonly unchanged: number;
  readonly all: readonly Target[];
  readonly basis: Basis;
  readonly selfConfirm: 'not-asked' | 'allowed' | 'refused';
  readonly policy: LoadedPolicy;
}

/** What the numbers rest on, where that is not a scan alone. */
const basisWarning = ({ source, timestamp, changedSince }: Basis): string[] => {
  if (source === 'targets_only')
    return ['Nothing was scanned by this policy yet: compliance is that of these resources alone.'];
  return changedSince === 0
    ? []
    : [
        `Compliance is that of the scan of ${timestamp}, with ${counted(changedSince, 'resource')} changed here since counted in.`,
      ];
};

const grave = (targets: readonly Target[], policy: LoadedPolicy): string[] => [
  ...ownerWarnings(targets),
  ...newViolationWarnings(newViolations(targets, policy)),
];
const general = (targets: readonly Target[], basis: Basis): string[] => [
  ...accessWarnings(targets.map((target) => target.type)),
  ...basisWarning(basis),
];

/** What holds of any change of tags, a rollback included. */
export const standingWarnings = (targets: readonly Target[], basis: Basis, policy: LoadedPolicy): string[] => [
  ...grave(targets, policy),
  ...general(targets, basis),
];

/** What whoever approves must know beside the numbers, the gravest first. */
export const planWarnings = (parts: PlanParts, wanted: Wanted): string[] => {
  const { open, failing, unchanged, basis, selfConfirm, policy } = parts;
  const reasons = Map.groupBy(failing, (target) => target.fault);
  return [
    ...[...reasons].map(([fault, group]) => `${counted(group.length, 'resource')} would fail: ${fault}.`),
    ...unplanned(failing),
    ...grave(open, policy),
    ...presentWarnings(parts, wanted),
    ...twinWarning(open, keysOf(wanted)),
    ...('tags' in wanted ? blankWarning(wanted.tags) : []),
    ...leftOutWarning(unchanged, wanted),
    ...general(open, basis),
    ...(selfConfirm === 'refused'
      ? ['approval_required=false is not allowed here: a second person must countersign.']
      : []),
  ];
};
