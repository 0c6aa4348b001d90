/** Policies as IAM reads them, in pieces that fit. */
import { limitAt } from '../../../contracts/limits/index.ts';
import type { Condition, Statement } from '../../../modules/roles/statement.ts';
import { memberAccount } from '../../../modules/roles/tools.ts';

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export const documentOf = (statements: readonly PolicyStatement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

const conditionOf = (conditions: readonly Condition[]): NonNullable<PolicyStatement['Condition']> =>
  Object.fromEntries(
    [...Map.groupBy(conditions, ({ test }) => test)].map(([test, those]) => [
      test,
      Object.fromEntries(those.map(({ variable, values }) => [variable, values])),
    ]),
  );

const stated = ({ sid, effect, actions, resources, conditions = [] }: Statement): PolicyStatement => ({
  Sid: sid,
  Effect: effect ?? 'Allow',
  Action: actions,
  Resource: resources,
  ...(conditions.length > 0 && { Condition: conditionOf(conditions) }),
});

const MOST = limitAt('aws_iam_policy.policy', 'document').rule.max;

/** IAM counts every character but white space between them. Each account id has the length of any other. */
const sizeOf = (statements: readonly Statement[]): number =>
  JSON.stringify(documentOf(statements.map(stated))).replaceAll(memberAccount, '1'.repeat(12)).length;

/** The service of an action, and of an ARN: an action reaches the ARNs of its own service only. */
const serviceOf = (name: string): string => (name.startsWith('arn:') ? name.split(':')[2] : name.split(':')[0]) ?? '';

/** The statement in one piece for each service. */
const byService = (statement: Statement): readonly Statement[] =>
  [...Map.groupBy(statement.actions, serviceOf)].map(([service, actions]) => ({
    ...statement,
    actions,
    resources: statement.resources.filter((resource) => resource === '*' || serviceOf(resource) === service),
  }));

const merged = (one: Statement, other: Statement): Statement => ({
  ...one,
  actions: [...one.actions, ...other.actions],
  resources: [...new Set([...one.resources, ...other.resources])],
});

/** The statements with one piece more: in the last of them where it is a piece of that one. */
const withPiece = (statements: readonly Statement[], piece: Statement): readonly Statement[] => {
  const last = statements.at(-1);
  return last?.sid === piece.sid ? [...statements.slice(0, -1), merged(last, piece)] : [...statements, piece];
};

/**
 * The statements in as few documents as AWS takes: 6,144 characters each. What does not fit into one goes on in the next, cut
 * between two services, so that no action gets a wider reach by it.
 */
export const inDocuments = (statements: readonly Statement[]): readonly PolicyDocument[] => {
  const documents: (readonly Statement[])[] = [];
  for (const piece of statements.flatMap(byService)) {
    const longer = withPiece(documents.at(-1) ?? [], piece);
    if (documents.length > 0 && sizeOf(longer) <= MOST) documents[documents.length - 1] = longer;
    else documents.push([piece]);
  }
  return documents.map((each) => documentOf(each.map(stated)));
};

const listed = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

/** Every action that some statement allows, sorted. */
export const allowedBy = (documents: readonly PolicyDocument[]): readonly string[] =>
  [
    ...new Set(
      documents.flatMap(({ Statement: statements }) =>
        statements.flatMap(({ Effect, Action }) => (Effect === 'Allow' ? listed(Action) : [])),
      ),
    ),
  ].sort();

/** Actions that are allowed on every resource because AWS lets them name none. */
export const namingNone = (documents: readonly PolicyDocument[]): readonly string[] =>
  allowedBy(
    documents.map(({ Statement: statements }) =>
      documentOf(statements.filter(({ Resource }) => Resource?.includes('*') === true)),
    ),
  );
