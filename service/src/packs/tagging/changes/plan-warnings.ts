/** What a plan says to whoever approves it, beside its numbers. Pure. */
import { clean } from '../../../untrusted.ts';
import type { Tags } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { accessWarnings } from '../policy/tag-rules.ts';
import type { Basis } from './basis.ts';
import { newViolations, newViolationWarnings } from './new-violations.ts';
import { ownerWarnings } from './owners.ts';
import type { Target } from './targets.ts';
import { counted, listed, mostNamed, named, quoted } from './wording.ts';

const overwritten = (targets: readonly Target[], tags: Tags): number =>
  targets.filter(({ before }) =>
    Object.entries(tags).some(([key, value]) => Object.hasOwn(before, key) && before[key] !== value),
  ).length;

/** Keys beside the new ones that differ from them by their case only. */
const twinWarning = (targets: readonly Target[], tags: Tags): string[] => {
  const keys = new Set(Object.keys(tags).map((key) => key.toLowerCase()));
  const twins = targets
    .map(({ before }) => Object.keys(before).filter((key) => keys.has(key.toLowerCase()) && !Object.hasOwn(tags, key)))
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
  readonly unchanged: number;
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
export const planWarnings = (
  { open, failing, unchanged, basis, selfConfirm, policy }: PlanParts,
  tags: Tags,
): string[] => {
  const reasons = Map.groupBy(failing, (target) => target.fault);
  const over = overwritten(open, tags);
  return [
    ...[...reasons].map(([fault, group]) => `${counted(group.length, 'resource')} would fail: ${fault}.`),
    ...unplanned(failing),
    ...grave(open, policy),
    ...(over > 0 ? [`Another value is overwritten on ${counted(over, 'resource')}.`] : []),
    ...twinWarning(open, tags),
    ...blankWarning(tags),
    ...(unchanged > 0 ? [`Left out, with these tags already: ${counted(unchanged, 'resource')}.`] : []),
    ...general(open, basis),
    ...(selfConfirm === 'refused'
      ? ['approval_required=false is not allowed here: a second person must countersign.']
      : []),
  ];
};
