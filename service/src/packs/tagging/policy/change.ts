/** A change of the policy, as the pipeline takes it: where it comes from, its plan, and the version that it makes. */
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import { plural } from '../../../measures/words.ts';
import type { ChangeOutcome, Plan, ResourceChange, State } from '../../../operations/plan.ts';
import { listed, named } from '../changes/wording.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import type { SemanticDifference } from './aws-format/convert.ts';
import { effectOf, effectWarnings, impactOfPolicy } from './effect.ts';
import { awsTagPolicyIn } from './foreign-policy.ts';
import { readTagPolicy } from './organizations.ts';
import {
  changedPolicy,
  differenceOf,
  judgesAlike,
  originOfState,
  type PolicyOrigin,
  partsThatDiffer,
  stateIn,
  versionOfState,
} from './parts.ts';
import { type LoadedPolicy, loadPolicy, PolicyError } from './policy.ts';
import { importedPolicy } from './start.ts';

/** Id of the policy among resources of plans. */
export const POLICY_RESOURCE = 'tagging-policy';

/** Where a change takes the policy from: one of these. */
export interface PolicyChangeInput {
  readonly policy_id?: string | undefined;
  readonly to_version?: number | undefined;
  readonly policy?: Readonly<Record<string, unknown>> | undefined;
}

interface Proposed {
  readonly policy: LoadedPolicy;
  readonly origin: PolicyOrigin;
  readonly differences: readonly SemanticDifference[];
}

const refused = (field: string, error: unknown): never => {
  if (error instanceof PolicyError) throw new CountersignError('invalid_input', `${field}: ${error.message}`);
  throw error;
};

const ofVersion = async ({ versions }: TaggingPack, number: number): Promise<Proposed> => {
  const found = await versions.get(number);
  if (found === undefined)
    throw new CountersignError('not_found', `to_version: there is no version ${number} of the tagging policy.`);
  return { policy: found.policy, origin: found.origin, differences: [] };
};

const written = (policy: unknown): Proposed => {
  if (awsTagPolicyIn(policy) !== undefined)
    throw new CountersignError(
      'invalid_input',
      'policy: is a tag policy of AWS. Import it with import_aws_tag_policy, or convert it with npm run policy:convert.',
    );
  try {
    return { policy: loadPolicy(policy, 'request', 'It'), origin: { source: 'request' }, differences: [] };
  } catch (error) {
    return refused('policy', error);
  }
};

const ofAws = async (pack: TaggingPack, policyId: string, context: CallContext): Promise<Proposed> => {
  const document = await readTagPolicy(pack.organizations, policyId, context.signal);
  try {
    const { loaded, origin, differences } = importedPolicy(document, pack.now());
    return { policy: loaded, origin, differences };
  } catch (error) {
    return refused('policy_id', error);
  }
};

const proposedBy = (pack: TaggingPack, input: PolicyChangeInput, context: CallContext): Promise<Proposed> => {
  if (input.policy_id !== undefined) return ofAws(pack, input.policy_id, context);
  if (input.to_version !== undefined) return ofVersion(pack, input.to_version);
  return Promise.resolve(written(input.policy));
};

/** @throws conflict where a file says what holds */
export const refuseFixed = ({ policy: { fixedBy } }: Pick<TaggingPack, 'policy'>): void => {
  if (fixedBy !== undefined)
    throw new CountersignError(
      'conflict',
      `The policy is the file that ${fixedBy} names, so it is changed there and deployed. npm run policy:convert makes such a file of a tag policy of AWS. Operator: without ${fixedBy} it is changed here.`,
    );
};

const words = (from: LoadedPolicy, to: LoadedPolicy, origin: PolicyOrigin): string => {
  const { added, changed, removed } = differenceOf(from, to);
  const parts = [
    [added, 'added'],
    [changed, 'changed'],
    [removed, 'removed'],
  ] as const;
  const said = parts.flatMap(([keys, verb]) => (keys.length > 0 ? [`${plural(keys.length, 'part')} ${verb}`] : []));
  const source = origin.source === 'organizations' ? `tag policy ${named(origin.id ?? '')} of AWS` : origin.source;
  return `Change the tagging policy (${source}): ${listed(said, 'kind')}.`;
};

const differenceWords = (differences: readonly SemanticDifference[]): string[] => {
  const byCode = Map.groupBy(differences, ({ code }) => code);
  return [...byCode].map(([code, some]) =>
    `${code}: ${listed(
      some.map(({ tag }) => (tag === null ? 'the whole policy' : named(tag))),
      'tag',
    )}. ${code === 'enforced_is_not_required' ? 'AWS never asks for these tags; here they become required.' : ''}`.trim(),
  );
};

/** What changes wherever approvals wait: they were given for another policy. */
const BOUND = 'Tag changes that wait for an answer are planned again, because they were planned by the policy of now.';

const changeBetween = (
  from: LoadedPolicy,
  was: PolicyOrigin,
  to: LoadedPolicy,
  becomes: PolicyOrigin,
): ResourceChange => {
  const keys = partsThatDiffer(from, to);
  return {
    resourceId: POLICY_RESOURCE,
    label: 'Tagging policy',
    kind: 'tagging:policy',
    accountId: '',
    before: stateIn(from, was, keys),
    after: stateIn(to, becomes, keys),
  };
};

/** Nothing upstream is called to apply it. */
// `usd`, not `charges`, because the release before this one must be able to read it.
const cost: Plan['cost'] = { apiCalls: 0, usd: 0 };

const judged = async (pack: TaggingPack, from: LoadedPolicy, to: LoadedPolicy, context: CallContext) => {
  const effect = await effectOf(pack, from, to, context);
  return { impact: effect === undefined ? [] : impactOfPolicy(effect), warnings: [...effectWarnings(effect), BOUND] };
};

export const planPolicyChange = async (
  pack: TaggingPack,
  input: PolicyChangeInput,
  context: CallContext,
): Promise<Plan> => {
  refuseFixed(pack);
  const [held, { policy, origin, differences }] = await Promise.all([
    pack.policy.version(),
    proposedBy(pack, input, context),
  ]);
  const alike = judgesAlike(held.policy, policy);
  const { impact, warnings } = await judged(pack, held.policy, policy, context);
  return {
    summary: words(held.policy, policy, origin),
    changes: alike ? [] : [changeBetween(held.policy, held.origin, policy, origin)],
    impact,
    warnings: [...warnings, ...differenceWords(differences)],
    reversible: { possible: true },
    cost,
  };
};

/** The parts of the policy that these changes touch, as they are now. */
export const readPolicyState = async (
  { policy }: Pick<TaggingPack, 'policy'>,
  changes: readonly ResourceChange[],
): Promise<ReadonlyMap<string, State>> => {
  const held = await policy.version();
  return new Map(
    changes.map(({ resourceId, before, after }) => [
      resourceId,
      stateIn(held.policy, held.origin, new Set([...Object.keys(before), ...Object.keys(after)])),
    ]),
  );
};

/** Makes the version that was agreed to hold. Of two at once one does. */
export const applyPolicyChange = async (
  pack: TaggingPack,
  changes: readonly ResourceChange[],
  { caller, operationId }: CallContext,
): Promise<ChangeOutcome[]> => {
  refuseFixed(pack);
  const outcomes: ChangeOutcome[] = [];
  for (const { resourceId, before, after } of changes) {
    const held = await pack.policy.version();
    if (held.policy.version !== versionOfState(before)) {
      outcomes.push({ resourceId, outcome: 'skipped', code: 'state_changed' });
      continue;
    }
    const policy = changedPolicy(held.policy, after);
    const kept = await pack.versions.append(held.number, {
      policy,
      origin: originOfState(after),
      changedBy: caller.name,
      operationId,
    });
    outcomes.push(
      kept === undefined
        ? { resourceId, outcome: 'skipped', code: 'state_changed' }
        : { resourceId, outcome: 'applied' },
    );
  }
  return outcomes;
};

/** What these changes bring now: of a revert too. */
export const judgePolicyChange = async (
  pack: TaggingPack,
  changes: readonly ResourceChange[],
  context: CallContext,
): Promise<Pick<Plan, 'impact' | 'warnings'>> => {
  const held = await pack.policy.current();
  const [change] = changes;
  return change === undefined
    ? { impact: [], warnings: [] }
    : judged(pack, held, changedPolicy(held, change.after), context);
};
