/** Updates that Terraform plans without a word, and that AWS then refuses in the middle of an apply. */
import type { ResourceChange } from '../plan-json.ts';
import type { Check } from './check.ts';

type Values = Readonly<Record<string, unknown>>;
type Refusal = (before: Values, after: Values) => string | undefined;

const listOf = (value: unknown): readonly Values[] => (Array.isArray(value) ? (value as readonly Values[]) : []);

/** Custom attributes by name; Cognito adds the standard ones, which no plan changes. */
const schemaOf = ({ schema }: Values): ReadonlyMap<string, string> =>
  new Map(listOf(schema).map(({ name, ...rest }) => [String(name), JSON.stringify(rest)]));

// docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html: no removal, no change of type.
const userPool: Refusal = (before, after) => {
  const wanted = schemaOf(after);
  const lost = [...schemaOf(before).keys()].filter((name) => !wanted.has(name));
  if (lost.length > 0)
    return `would lose ${lost.join(', ')}, and Cognito never gives up an attribute: keep it in cognito_attributes, also when nobody fills it in`;
  return undefined;
};

// docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html: storage is never taken away.
const database: Refusal = (before, after) => {
  const [has, wants, most] = [before.allocated_storage, after.allocated_storage, after.max_allocated_storage].map(
    Number,
  );
  if (has === undefined || wants === undefined || most === undefined || Number.isNaN(has)) return undefined;
  if (wants < has)
    return `would shrink from ${has} to ${wants} GB, which RDS refuses: keep db_gb, or restore a dump into another database`;
  if (most > 0 && most < has)
    return `may grow to ${most} GB and has ${has} already, which RDS refuses: raise db_max_gb`;
  return undefined;
};

const refusals: Readonly<Record<string, Refusal>> = { aws_cognito_user_pool: userPool, aws_db_instance: database };

const problemOf = ({ mode, type, change }: ResourceChange): string | undefined => {
  const { before, after, actions } = change;
  if (mode !== 'managed' || before === null || after === null || actions.includes('delete')) return undefined;
  return refusals[type]?.(before, after);
};

export const refusedChanges: Check = {
  name: 'refused-change',
  asks: 'No change is planned that AWS refuses: an attribute taken from a user pool, a database that shrinks.',
  breaches: ({ resource_changes }) =>
    resource_changes.flatMap((change) => {
      const problem = problemOf(change);
      return problem === undefined ? [] : [{ address: change.address, problem }];
    }),
};
