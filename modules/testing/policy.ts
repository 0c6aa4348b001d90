/** For tests: what a synthesized policy allows, as IAM would decide it. */
import type { Synthesized } from './synthesized.ts';

export interface JudgedStatement {
  readonly sid: string;
  readonly effect?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: readonly { test: string; variable: string; values: readonly string[] }[];
}

/** One request: what is asked of which resource, and what else IAM knows of it. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Statements of a policy document, by the path of its construct with _ between its parts. With a role's `permissions` come those of
 * the policies that it has attached, which hold what is too long to stand inside it.
 */
export const rulesOf = (synthesized: Synthesized, name: string): readonly JudgedStatement[] => {
  const documents = Object.entries(synthesized.data('aws_iam_policy_document'));
  // An address ends with eight digits of a hash of the path.
  const pathOf = (address: string) => address.replace(/_[0-9A-F]{8}$/, '');
  const found = documents.find(([address]) => pathOf(address) === name);
  if (found === undefined) throw new Error(`no policy document ${name}, only ${documents.map(([address]) => address)}`);
  const role = name.replace(/permissions$/, '');
  const isAttached = (path: string) =>
    path.startsWith(role) && /^[A-Za-z]+-\d+_permissions$/.test(path.slice(role.length));
  const attached = documents.filter(([address]) => isAttached(pathOf(address)));
  return [found, ...attached].flatMap(([, { statement }]) => statement as readonly JudgedStatement[]);
};

/** Everything one policy document of the stack allows, whatever its resources. */
export const actionsAllowed = (rules: readonly JudgedStatement[]): readonly string[] =>
  [...new Set(rules.filter(({ effect }) => effect !== 'Deny').flatMap(({ actions }) => actions))].sort();

const matches = (pattern: string, value: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(value);

const tests: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringLike: (value, wanted) => matches(wanted, value),
  ArnEquals: (value, wanted) => matches(wanted, value),
  Bool: (value, wanted) => value === wanted,
};

const applies = (
  { actions, resources, condition = [] }: JudgedStatement,
  { action, resource, context = {} }: Request,
): boolean =>
  actions.some((pattern) => matches(pattern, action)) &&
  resources.some((pattern) => matches(pattern, resource)) &&
  condition.every(({ test, variable, values }) => {
    const value = context[variable];
    if (test === 'Null') return values.includes(String(value === undefined));
    // IAM: a negated operator holds where the key is missing.
    if (test === 'ArnNotLike') return value === undefined || !values.some((wanted) => matches(wanted, value));
    const holds = tests[test];
    if (holds === undefined) throw new Error(`${test} is not known here`);
    return value !== undefined && values.some((wanted) => holds(value, wanted));
  });

/** The sid of the statement that decides; undefined where nothing allows it. A Deny wins. */
export const decide = (
  rules: readonly JudgedStatement[],
  request: Request,
): { allowed: boolean; sid: string | undefined } => {
  const deciding = rules.filter((rule) => applies(rule, request));
  const denied = deciding.find(({ effect }) => effect === 'Deny');
  return { allowed: denied === undefined && deciding.length > 0, sid: (denied ?? deciding[0])?.sid };
};
