/** Roles that nobody assumes, and what roles may do without a limit. */
import {
  IAMClient,
  type ManagedPolicyDetail,
  paginateGetAccountAuthorizationDetails,
  type RoleDetail,
} from '@aws-sdk/client-iam';
import { daysSince } from '../days.ts';
import { attention, broken, type Check, type Judgement, ok } from '../health/check.ts';
import { wildcardsIn } from './policies.ts';

/** IAM remembers the last use of a role for 400 days. */
export const UNUSED_DAYS = 90;

interface Account {
  readonly roles: readonly RoleDetail[];
  readonly policies: readonly ManagedPolicyDetail[];
}

/** Roles of AWS itself, which nobody else can change. */
const isOfService = ({ Path = '' }: RoleDetail): boolean => Path.startsWith('/aws-service-role/');

const accountOf = async (client: IAMClient): Promise<Account> => {
  const found: { readonly roles: RoleDetail[]; readonly policies: ManagedPolicyDetail[] } = { roles: [], policies: [] };
  for await (const { RoleDetailList = [], Policies = [] } of paginateGetAccountAuthorizationDetails(
    { client },
    { Filter: ['Role', 'LocalManagedPolicy'] },
  )) {
    found.roles.push(...RoleDetailList.filter((role) => !isOfService(role)));
    found.policies.push(...Policies);
  }
  return found;
};

export const judgeUse = ({ RoleName = '', CreateDate, RoleLastUsed }: RoleDetail, now: Date): Judgement => {
  const used = RoleLastUsed?.LastUsedDate;
  const idle = daysSince(used ?? CreateDate ?? now, now);
  const says = used === undefined ? `was made ${idle} days ago and never assumed` : `was last assumed ${idle} days ago`;
  return idle > UNUSED_DAYS ? attention(RoleName, `${says}: delete it, or say who needs it`) : ok(RoleName, says);
};

const general = ['AdministratorAccess', 'PowerUserAccess', 'IAMFullAccess'];

/** Everything that a role may do in general, policy by policy. */
export const judgePermissions = (role: RoleDetail, policies: readonly ManagedPolicyDetail[]): Judgement => {
  const { RoleName = '', RolePolicyList = [], AttachedManagedPolicies = [] } = role;
  const own = RolePolicyList.flatMap(({ PolicyName = '', PolicyDocument = '' }) =>
    wildcardsIn(PolicyDocument).map((allowed) => `${PolicyName}: ${allowed}`),
  );
  const attached = AttachedManagedPolicies.flatMap(({ PolicyName = '', PolicyArn }) => {
    if (general.includes(PolicyName)) return [`${PolicyName} of AWS`];
    const managed = policies.find(({ Arn }) => Arn === PolicyArn);
    const version = managed?.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true);
    return wildcardsIn(version?.Document ?? '{"Statement":[]}').map((allowed) => `${PolicyName}: ${allowed}`);
  });
  const all = [...own, ...attached];
  if (all.length === 0) return ok(RoleName, 'may nothing in general');
  const says = `may ${all.join('; ')}`;
  return all.some((each) => /every action|AdministratorAccess/.test(each))
    ? broken(RoleName, says)
    : attention(RoleName, says);
};

/** What is well in one line, and one for each that is not. */
export const gathered = (judged: readonly Judgement[]): readonly Judgement[] => {
  const troubled = judged.filter(({ verdict }) => verdict !== 'ok');
  return [...troubled, ok('roles', `${judged.length - troubled.length} of ${judged.length} are well`)];
};

const unused: Check = {
  name: 'unused roles',
  applies: ({ primary }) => primary,
  look: async ({ client, now }) => {
    const { roles } = await accountOf(client(IAMClient, 'us-east-1'));
    return gathered(roles.map((role) => judgeUse(role, now)));
  },
};

const wildcards: Check = {
  name: 'wildcards',
  applies: ({ primary }) => primary,
  look: async ({ client }) => {
    const { roles, policies } = await accountOf(client(IAMClient, 'us-east-1'));
    return gathered(roles.map((role) => judgePermissions(role, policies)));
  },
};

export const roles: readonly Check[] = [unused, wildcards];
