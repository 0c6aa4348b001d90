/** The role as Terraform, to be applied in each member account. */
import { memberAccount } from '../../../modules/roles/tools.ts';
import type { PolicyDocument } from './document.ts';
import { attributes, Expression, type HclValue, hcl } from './hcl.ts';
import { type MemberRole, SESSION_SECONDS } from './role.ts';

const here = 'data.aws_caller_identity.current.account_id';

/** A text with the account in it is a template of Terraform's. Nothing else in a policy has a brace. */
const filled = (text: string): HclValue =>
  text === memberAccount
    ? new Expression(here)
    : text.includes(memberAccount)
      ? new Expression(`"${text.replaceAll(memberAccount, `\${${here}}`)}"`)
      : text;

const rendered = (value: unknown): HclValue => {
  if (typeof value === 'string') return filled(value);
  if (Array.isArray(value)) return value.map(rendered);
  return Object.fromEntries(Object.entries(Object(value)).map(([key, inner]) => [key, rendered(inner)]));
};

const encoded = (document: PolicyDocument): Expression =>
  new Expression(`jsonencode(${hcl(rendered(document), '  ')})`);

const block = (head: string, values: Readonly<Record<string, HclValue>>): string =>
  [`${head} {`, ...attributes(values, '  '), '}'].join('\n');

const resource = (kind: string, name: string, values: Readonly<Record<string, HclValue>>): string =>
  block(`resource "${kind}" "${name}"`, values);

/** @param heading comment lines */
export const terraformOf = (role: MemberRole, heading: readonly string[]): string => {
  const blocks = [
    heading.map((line) => `# ${line}`).join('\n'),
    'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}',
    'data "aws_caller_identity" "current" {}',
    resource('aws_iam_role', 'member', {
      name: role.name,
      description: role.description,
      max_session_duration: SESSION_SECONDS,
      assume_role_policy: encoded(role.trust),
    }),
    ...role.policies.flatMap(({ name, document }) => {
      const address = name.slice(role.name.length + 1);
      return [
        resource('aws_iam_policy', address, { name, policy: encoded(document) }),
        resource('aws_iam_role_policy_attachment', address, {
          role: new Expression('aws_iam_role.member.name'),
          policy_arn: new Expression(`aws_iam_policy.${address}.arn`),
        }),
      ];
    }),
  ];
  return `${blocks.join('\n\n')}\n`;
};
