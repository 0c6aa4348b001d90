/** What a role is, what it may do and what to do with its files, for a person and as JSON. */
import { allowedBy, namingNone } from './document.ts';
import type { Written } from './files.ts';
import { type MemberRole, SESSION_SECONDS } from './role.ts';

const allowed = (role: MemberRole, kind: 'read' | 'write'): readonly string[] =>
  allowedBy(
    role.policies.filter(({ name }) => name.startsWith(`${role.name}-${kind}`)).map(({ document }) => document),
  );

export const reportOf = (role: MemberRole, written: Written) => ({
  role: role.name,
  accounts: role.accounts,
  assumedBy: role.assumedBy,
  externalId: role.externalId ?? null,
  sessionSeconds: SESSION_SECONDS,
  policies: role.policies.length,
  read: allowed(role, 'read'),
  write: allowed(role, 'write'),
  anyResource: namingNone(role.policies.map(({ document }) => document)),
  ...written,
});

/** What somebody must know who has no external id. */
export const withoutExternalId = ({ name, settings }: MemberRole): string =>
  `${settings.externalId} is not set, so ${name} is assumed without one. A member account then cannot tell for whom the service asks: ` +
  'whoever makes the service name the account gets in (the confused deputy, ' +
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html). Set it, deploy, and run this again.';

const changeLines = ({ state, added, removed }: Written): readonly string[] => {
  if (state === 'new') return [];
  if (state === 'same') return ['  changed   nothing since the last run'];
  return [
    ...(added.length > 0 ? [`  now too   ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`  no more   ${removed.join(', ')}`] : []),
    ...(added.length + removed.length === 0 ? ['  changed   the trust, the regions or the resources'] : []),
  ];
};

const accountsLine = ({ accounts, settings }: MemberRole): string =>
  accounts.length > 0
    ? accounts.join(', ')
    : `none yet: ${settings.accounts} names no other account. Each that you add to it needs the role`;

export const linesOf = (role: MemberRole, written: Written, dryRun: boolean): readonly string[] => {
  const report = reportOf(role, written);
  return [
    `${role.name}, the role of a member account`,
    `  accounts  ${accountsLine(role)}`,
    `  trusts    ${role.assumedBy.join(', ')}${role.externalId === undefined ? '' : `, with the external id ${role.externalId}`}`,
    `  reads     ${report.read.join(', ')}`,
    `  writes    ${report.write.join(', ') || 'nothing: tags cannot be changed there. --write allows it'}`,
    `  wildcard  ${report.anyResource.join(', ')}: on any resource, because AWS lets these name none`,
    ...changeLines(written),
    dryRun ? '  written   nothing: this is a dry run' : `  written   ${written.terraform}`,
    ...(dryRun ? [] : [`            ${written.cloudFormation}`]),
  ];
};

/** A role is of an account, not of a region: a second region would make it a second time, and fail. */
export const nextSteps = ({ cloudFormation }: Written, name: string): readonly string[] => [
  'Apply it in each of the accounts, with terraform apply there, or as a StackSet of one region, because a role has none:',
  `  aws cloudformation create-stack-set --stack-set-name ${name} --template-body file://${cloudFormation} --capabilities CAPABILITY_NAMED_IAM --permission-model SERVICE_MANAGED --auto-deployment Enabled=false`,
  `  aws cloudformation create-stack-instances --stack-set-name ${name} --regions us-east-1 --deployment-targets OrganizationalUnitIds=<ou>`,
  'Later changes: the same command again, which says what changed, then terraform apply or update-stack-set.',
];
