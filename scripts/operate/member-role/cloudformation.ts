/** The role as a CloudFormation template, for a StackSet over the member accounts. */
import { memberAccount } from '../../../modules/roles/tools.ts';
import { type MemberRole, SESSION_SECONDS } from './role.ts';

const filled = (text: string): unknown =>
  text === memberAccount
    ? { Ref: 'AWS::AccountId' }
    : text.includes(memberAccount)
      ? { 'Fn::Sub': text.replaceAll(memberAccount, '${AWS::AccountId}') }
      : text;

const rendered = (value: unknown): unknown => {
  if (typeof value === 'string') return filled(value);
  if (Array.isArray(value)) return value.map(rendered);
  return Object.fromEntries(Object.entries(Object(value)).map(([key, inner]) => [key, rendered(inner)]));
};

/** Logical ids are letters and digits. */
const logicalId = (role: MemberRole, policy: string): string =>
  policy
    .slice(role.name.length)
    .replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    .concat('Policy');

/** @param summary of the whole file: JSON has no comments */
export const templateOf = (role: MemberRole, summary: string): string =>
  `${JSON.stringify(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: summary,
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: role.name,
            Description: role.description,
            MaxSessionDuration: SESSION_SECONDS,
            AssumeRolePolicyDocument: rendered(role.trust),
          },
        },
        ...Object.fromEntries(
          role.policies.map(({ name, document }) => [
            logicalId(role, name),
            {
              Type: 'AWS::IAM::ManagedPolicy',
              Properties: { ManagedPolicyName: name, Roles: [{ Ref: 'Role' }], PolicyDocument: rendered(document) },
            },
          ]),
        ),
      },
      Outputs: { RoleArn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    },
    null,
    2,
  )}\n`;
