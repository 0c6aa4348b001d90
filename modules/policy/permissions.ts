/** No wildcard without a written reason. */
import { reasons } from './reasons.ts';
import { type Block, type Breach, inners, type Policy, type StackView } from './view.ts';

interface Statement {
  readonly address: string;
  readonly sid: string | undefined;
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

const listOf = (value: unknown): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];

const ofDocument = ({ address, block }: { address: string; block: Block }): Statement[] =>
  inners(block, 'statement').map((statement) => ({
    address,
    sid: statement.sid as string | undefined,
    allows: statement.effect !== 'Deny',
    actions: listOf(statement.actions),
    resources: listOf(statement.resources),
  }));

const ofJson = (address: string, json: string): Statement[] => {
  if (!json.startsWith('{')) return [];
  const { Statement = [] } = JSON.parse(json) as { Statement?: Block | Block[] };
  return [Statement].flat().map((statement) => ({
    address,
    sid: statement.Sid as string | undefined,
    allows: statement.Effect !== 'Deny',
    actions: listOf(statement.Action),
    resources: listOf(statement.Resource),
  }));
};

/** Every statement of the stack's policies, as documents or as JSON. */
const statements = (view: StackView): Statement[] => [
  ...view.data('aws_iam_policy_document').flatMap(ofDocument),
  ...view.resources.flatMap(({ address, block }) =>
    [block.policy, block.assume_role_policy]
      .filter((policy) => typeof policy === 'string')
      .flatMap((policy) => ofJson(address, policy)),
  ),
];

const wildcards = ({ actions, resources }: Statement): string[] => [
  ...actions.filter((action) => action.includes('*')),
  ...resources.filter((resource) => resource === '*'),
];

export const wildcardsHaveReasons: Policy = {
  name: 'wildcards have a written reason',
  breaches: (view) =>
    statements(view).flatMap((statement): Breach[] => {
      const found = statement.allows ? wildcards(statement) : [];
      if (found.length === 0 || (statement.sid !== undefined && Object.hasOwn(reasons, statement.sid))) return [];
      const name = statement.sid === undefined ? 'a statement without sid' : statement.sid;
      return [
        {
          address: statement.address,
          problem: `allows ${found.join(', ')} in ${name}: narrow it, or give the statement a sid and write its reason in modules/policy/reasons.ts`,
        },
      ];
    }),
};

export const permissions: readonly Policy[] = [wildcardsHaveReasons];
