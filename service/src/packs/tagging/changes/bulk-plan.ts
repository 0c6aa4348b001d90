/** The plan of a bulk change: what is written where, what it brings, what would fail and why. */
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { Impact } from '../../../measures/impact.ts';
import type { Plan, ResourceChange } from '../../../operations/plan.ts';
import { clean } from '../../../untrusted.ts';
import { parseArn } from '../estate/arn.ts';
import type { Account, Tags } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { withState } from './applied-changes.ts';
import { type Basis, basisFor, projectTargets } from './basis.ts';
import { stateOf } from './before-state.ts';
import { editOf, writeCalls } from './bulk-edit.ts';
import { planWarnings, standingWarnings } from './plan-warnings.ts';
import type { Projection } from './preview.ts';
import { changes, keysOf, loadTargets, readAll, type Target, type Wanted } from './targets.ts';
import { counted, listed, mostNamed, named, quoted } from './wording.ts';

export interface BulkInput {
  readonly resource_arns: readonly string[];
  /** False asks to confirm it oneself. Default: a second person. */
  readonly approval_required?: boolean;
}

/** Label of the impact line that results read the improvement from. */
export const COMPLIANCE_IMPACT = 'Tag compliance';

const changeOf = (target: Target, wanted: Wanted): ResourceChange => {
  const { arn, type, resource, before, fault } = target;
  const onlyMissing = 'tags' in wanted && wanted.only_if_missing;
  // What is there already is no part of a change that leaves it alone: it may move meanwhile.
  const state = stateOf(type, before, onlyMissing && fault === undefined ? Object.keys(target.set) : keysOf(wanted));
  const removed = Object.fromEntries('remove' in wanted ? wanted.remove.map((key) => [key, null]) : []);
  const others = Object.fromEntries(Object.entries(before).filter(([key]) => !Object.hasOwn(state, key)));
  return {
    resourceId: arn.arn,
    label: clean(before.Name ?? resource?.id ?? arn.id),
    kind: type,
    accountId: resource?.accountId ?? (arn.accountId || 'unknown'),
    ...(resource === undefined && arn.region === '' ? {} : { region: resource?.region ?? arn.region }),
    before: state,
    after: { ...state, ...('tags' in wanted ? (onlyMissing ? target.set : wanted.tags) : removed) },
    context: others,
    ...(fault === undefined ? {} : { wouldFail: fault }),
    ...(onlyMissing && { onlyIfMissing: true as const }),
  };
};

/** Upstream calls that write these changes; what is expected to fail is not tried. */
const callsOf = (planned: readonly ResourceChange[]): number =>
  writeCalls(planned.filter((change) => change.wouldFail === undefined).map(editOf));

/** What applying takes. */
// `usd`, not `charges`, because the release before this one must be able to read it: the next one writes those.
export const costOf = (planned: readonly ResourceChange[]): Plan['cost'] => ({ apiCalls: callsOf(planned), usd: 0 });

/** `Owner="a@example.com" and CostCenter="4100"`; of many, the first ones and how many more. */
const pairs = (tags: Tags): string =>
  listed(
    Object.entries(tags).map(([key, value]) => `${named(key)}=${quoted(value)}`),
    'tag',
  );

/** The first words of the summary. */
const doing = (wanted: Wanted): string =>
  'remove' in wanted
    ? `Remove ${listed(wanted.remove.map(named), 'tag')} from`
    : `Set ${pairs(wanted.tags)}${wanted.only_if_missing ? ' where missing' : ''} on`;

/** The accounts of these targets by name, or how many where that would be a long list. */
const placesOf = (targets: readonly Target[], accounts: readonly Account[]): string => {
  const names = new Map(accounts.map(({ accountId, name }) => [accountId, name]));
  const ids = [...new Set(targets.map(({ resource, arn }) => resource?.accountId ?? arn.accountId))];
  return ids.length > mostNamed
    ? counted(ids.length, 'account')
    : listed(
        ids.map((id) => named(names.get(id) ?? id)),
        'account',
      );
};

const impactOf = (basis: Basis, projection: Projection): Impact[] => {
  const { compliant } = basis.counts;
  const reduced = projection.gapReduction;
  const lines: Impact[] = [
    { label: COMPLIANCE_IMPACT, before: projection.current, after: projection.projected, unit: 'ratio' },
    {
      label: 'Compliant resources',
      before: compliant,
      after: compliant + projection.gained - projection.lost,
      unit: 'count',
    },
    {
      label: 'Unattributed spend',
      before: basis.gap,
      after: basis.gap === null || reduced === null ? null : Math.round((basis.gap - reduced) * 100) / 100,
      // The release before this one reads no `money`, and must be able to decide it: the next one writes that.
      unit: 'USD/month',
    },
  ];
  return lines.map((line) => (basis.timestamp === null ? line : { ...line, asOf: basis.timestamp }));
};

const nothingToDo = (wanted: Wanted): string =>
  'remove' in wanted
    ? 'Nothing would change: no resource carries these tags.'
    : wanted.only_if_missing
      ? 'Nothing would change: these tags are missing on no resource.'
      : 'Nothing would change: every resource already carries these tags.';

const refuseEmpty = (targets: readonly Target[], open: readonly Target[], wanted: Wanted): void => {
  if (open.length > 0) return;
  const failing = targets.filter((target) => target.fault !== undefined);
  const faults = Object.fromEntries([...Map.groupBy(failing, (target) => target.fault)].map(([f, g]) => [f, g.length]));
  throw new CountersignError(
    'invalid_input',
    failing.length === 0
      ? nothingToDo(wanted)
      : `No resource could be changed: ${Object.entries(faults)
          .map(([fault, count]) => `${count} ${fault}`)
          .join(
            ', ',
          )}. ${clean(failing.find((target) => target.remedy !== undefined)?.remedy ?? 'Preview the change to see which.')}`,
    { details: { would_fail: faults } },
  );
};

/** @throws invalid_input when nothing would change or everything would fail */
export const planBulk = async (
  pack: TaggingPack,
  input: BulkInput,
  wanted: Wanted,
  policy: LoadedPolicy,
  context: CallContext,
): Promise<Plan> => {
  const targets = await loadTargets(pack, input.resource_arns, wanted, policy, context);
  const failing = targets.filter((target) => target.fault !== undefined);
  const open = targets.filter((target) => target.fault === undefined && changes(target));
  refuseEmpty(targets, open, wanted);
  const basis = await basisFor(pack, targets, policy);
  const planned = [...open, ...failing].map((target) => changeOf(target, wanted));
  const places = placesOf(open, await pack.estate.accounts());
  const selfConfirm =
    input.approval_required !== false ? 'not-asked' : pack.settings.allowSelfConfirm ? 'allowed' : 'refused';
  const unchanged = targets.length - failing.length - open.length;
  return {
    summary: `${doing(wanted)} ${counted(open.length, 'resource')} in ${places}.`,
    changes: planned,
    impact: impactOf(basis, projectTargets(targets, basis, policy, 'left-alone')),
    warnings: planWarnings({ open, failing, unchanged, all: targets, basis, selfConfirm, policy }, wanted),
    reversible: { possible: true },
    cost: costOf(planned),
  };
};

/** What changes that are planned already bring now: those of a rollback. */
export const judgeChanges = async (
  pack: TaggingPack,
  planned: readonly ResourceChange[],
  policy: LoadedPolicy,
  context: CallContext,
): Promise<Pick<Plan, 'impact' | 'warnings'>> => {
  const found = await readAll(
    pack.estate,
    planned.map((change) => change.resourceId),
    context,
  );
  const targets = planned.flatMap((change): Target[] => {
    const arn = parseArn(change.resourceId);
    const resource = found.get(change.resourceId);
    if (arn === undefined || resource === undefined) return [];
    const after = withState(resource.tags, change.after);
    return [
      { arn, type: resource.type, resource, before: resource.tags, after, set: {}, remove: [], fault: undefined },
    ];
  });
  const basis = await basisFor(pack, targets, policy);
  return {
    impact: impactOf(basis, projectTargets(targets, basis, policy, 'left-alone')),
    warnings: standingWarnings(targets, basis, policy),
  };
};
