/** Making, changing and deleting a rule, as changes that a second person countersigns. */
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { ChangeOutcome, Plan, ResourceChange, State } from '../../../operations/plan.ts';
import { clean } from '../../../untrusted.ts';
import { applied, callerOf, changeOf, movedMeanwhile, outrun, planOf, storedSteps } from '../changes/stored-change.ts';
import { AlertRule, RuleTerms } from '../model/rule.ts';
import type { AlertPack } from '../world.ts';

/** More make each minute's look slow. */
const MOST_RULES = 200;

const Kept = RuleTerms.extend({ version: AlertRule.shape.version });

const ruleState = (rule: Omit<AlertRule, 'updated_at' | 'updated_by'> | undefined): State =>
  Object.fromEntries(
    Object.keys(Kept.shape).map((key) => [
      key,
      rule === undefined ? null : JSON.parse(JSON.stringify(Kept.parse(picked(rule))))[key],
    ]),
  );

const picked = (rule: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(rule).filter(([key]) => Object.hasOwn(Kept.shape, key)));

const idOf = (ruleId: string): string => `alert-rule:${ruleId}`;
const ruleIdOf = ({ resourceId }: Pick<ResourceChange, 'resourceId'>): string => resourceId.slice('alert-rule:'.length);

const changeOfRule = (
  ruleId: string,
  name: string,
  states: Pick<ResourceChange, 'before' | 'after'>,
  context: CallContext,
) =>
  changeOf({
    ...{ resourceId: idOf(ruleId), label: `Rule ${clean(name, 100)}`, kind: 'alerts:rule', ...states },
    context: { asked_by: callerOf(context).email },
  });

const expect = (context: CallContext, is: number, expected: number): void => {
  if (is !== expected)
    throw outrun(context, `expected_version: the rule is at version ${is}. Read it again with list_alert_rules.`, {
      version: is,
    });
};

/** @param expected version that it follows; 0: there is none yet */
export const planRule = async (
  pack: AlertPack,
  terms: RuleTerms,
  expected: number,
  context: CallContext,
): Promise<Plan> => {
  const found = (await pack.rules.get(terms.rule_id))?.value;
  expect(context, found?.version ?? 0, expected);
  if (found === undefined && (await pack.rules.all()).length >= MOST_RULES)
    throw new CountersignError('safety_limit_exceeded', `There are ${MOST_RULES} rules. Delete one first.`);
  const states = { before: ruleState(found), after: ruleState({ ...terms, version: expected + 1 }) };
  if (
    found !== undefined &&
    JSON.stringify(ruleState({ ...terms, version: expected })) === JSON.stringify(states.before)
  )
    throw new CountersignError('invalid_input', 'rule: is what the rule is already.');
  const verb = found === undefined ? 'Add' : 'Change';
  return planOf(
    `${verb} the alert rule "${clean(terms.name, 128)}"`,
    changeOfRule(terms.rule_id, terms.name, states, context),
  );
};

export const planRuleDeletion = async (
  pack: AlertPack,
  ruleId: string,
  expected: number,
  context: CallContext,
): Promise<Plan> => {
  const found = (await pack.rules.get(ruleId))?.value;
  if (found === undefined)
    throw new CountersignError('not_found', 'rule_id: there is no such rule. See list_alert_rules.');
  expect(context, found.version, expected);
  const states = { before: ruleState(found), after: ruleState(undefined) };
  return planOf(
    `Delete the alert rule "${clean(found.name, 128)}"`,
    changeOfRule(ruleId, found.name, states, context),
    {
      warnings: ['The alerts that it made are resolved within a minute.'],
    },
  );
};

const write = async (pack: AlertPack, change: ResourceChange): Promise<ChangeOutcome> => {
  const id = ruleIdOf(change);
  if (change.after.rule_id === null) {
    await pack.rules.remove(id);
    return applied(change);
  }
  const rule = {
    ...Kept.parse(change.after),
    updated_at: pack.now().toISOString(),
    updated_by: String(change.context?.asked_by ?? ''),
  };
  const found = await pack.rules.get(id);
  if ((found?.value.version ?? null) !== change.before.version) return movedMeanwhile(change);
  return (await pack.rules.put(id, rule, found?.etag)) ? applied(change) : movedMeanwhile(change);
};

export const ruleSteps = (pack: AlertPack) =>
  storedSteps({
    state: async (change) => ruleState((await pack.rules.get(ruleIdOf(change)))?.value),
    write: (change) => write(pack, change),
    afterwards: async () => {},
  });
