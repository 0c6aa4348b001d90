/** Rules of what AWS takes that can be told from the settings alone. The rest is found in what they become. */
import { partitionOf } from '../aws.ts';
import { prefixLength } from '../cidr.ts';
import { textProblem } from '../limits/held.ts';
import { limitAt, mostAt } from '../limits/index.ts';
import { assumedBy, type PackName, packNames, packs } from '../packs/index.ts';
import type { PackContract } from '../packs/pack.ts';
import { isSetting, settings } from './index.ts';
import type { Settings } from './resolve.ts';
import { isCramped } from './room.ts';
import { rule, type SettingRule } from './rule.ts';
import { shapeOf } from './shape.ts';

const tiers = ['public_cidrs', 'private_cidrs'] as const;

/** A load balancer and a domain name of an HTTP API take certificates of their own region and account only. */
const isUsable = ({ certificate_arn, account_id, regions: [region = ''] }: Settings): boolean =>
  certificate_arn === undefined ||
  certificate_arn.startsWith(`arn:${partitionOf(region)}:acm:${region}:${account_id}:`);

const isBalancerSubnet = (s: Settings, tier: (typeof tiers)[number]): boolean =>
  shapeOf(s).loadBalancer && tier === (s.alb_internal ? 'private_cidrs' : 'public_cidrs');
const smallest = limitAt('aws_lb.subnets.->cidr_block', 'prefix').rule.prefix.max ?? 28;

/** An ARN of a member account's role with its quotes and comma, and what a policy has besides. */
const rolesInPolicy = (role: string): number =>
  Math.floor((limitAt('aws_iam_policy.policy', 'document').rule.max - 400) / (34 + role.length));

/** A setting by the name that a pack's contract gives it. */
const settingOf = (s: Settings, name: string): unknown => new Map<string, unknown>(Object.entries(s)).get(name);
const mayBeUnset = (name: string): boolean =>
  isSetting(name) && settings[name].schema.safeParse(undefined).data === undefined;

const accountsIn = (settings: Settings, pack: PackName): readonly string[] =>
  assumedBy([pack], settings).flatMap(({ accounts }) => accounts);

/** Rules of the accounts whose roles a pack assumes. */
const assumedRules = (
  pack: PackName,
  { accounts, role }: NonNullable<PackContract['assumes']>,
): readonly SettingRule[] =>
  isSetting(accounts)
    ? [
        ...(mayBeUnset(role)
          ? [
              rule(
                accounts,
                `must be empty without ${role}, by which the service acts in them`,
                (s) =>
                  s.tool_packs.includes(pack) &&
                  Object(settingOf(s, accounts)).length > 0 &&
                  settingOf(s, role) === undefined,
              ),
            ]
          : []),
        rule(
          accounts,
          `are more than one role may assume roles in: AWS takes ten policies of 6,144 characters; a shorter ${role}, or a second environment for the others, makes room`,
          (s) =>
            assumedBy([pack], s).some(
              (assumed) =>
                assumed.accounts.length >
                (mostAt('aws_iam_role_policy_attachment per role') - 1) * rolesInPolicy(assumed.role),
            ),
        ),
        rule(
          accounts,
          'must be at most 200 with compute_mode lambda, whose variables AWS takes 4 kB of',
          (s) => s.compute_mode === 'lambda' && accountsIn(s, pack).length > 200,
        ),
      ]
    : [];

const isText = (place: string, value: string): boolean => {
  const { rule: limit, what } = limitAt(place, 'text');
  return textProblem(limit.text, what, value) === undefined;
};

export const limitRules = [
  ...tiers.map((tier) =>
    rule(
      tier,
      'are too small for what stands in them: a load balancer takes 8 addresses in each, a task, an endpoint and a NAT gateway one, and AWS keeps 5',
      (s) => isCramped(s, tier),
    ),
  ),
  ...tiers.map((tier) =>
    rule(
      tier,
      `must be /${smallest} or larger: a load balancer stands in them and needs room to grow`,
      (s) => isBalancerSubnet(s, tier) && s[tier].some((cidr) => prefixLength(cidr) > smallest),
    ),
  ),
  rule(
    'certificate_arn',
    'must be of the region itself and of account_id: AWS takes no certificate of another; each region gives its own through region_settings',
    (s) => !isUsable(s),
  ),
  rule(
    'cognito_domain_prefix',
    'must be lower-case letters, digits and hyphens without aws, amazon or cognito in it; by default it is `<name_prefix>-<account_id>`, so give one that does not hold them',
    (s) => s.auth === 'cognito' && !isText('aws_cognito_user_pool_domain.domain', s.cognito_domain_prefix),
  ),
  rule(
    'state_bucket',
    'must be a name that S3 takes: 3 to 63 lower-case letters, digits, dots and hyphens, with none of the starts and ends that S3 keeps',
    (s) => !isText('aws_s3_bucket.bucket', s.state_bucket),
  ),
  ...packNames.flatMap((pack) => {
    const { assumes }: PackContract = packs[pack];
    return assumes === undefined ? [] : assumedRules(pack, assumes);
  }),
  rule(
    'scale_schedules',
    'must be at most 190: AWS takes 200 scheduled actions of a service, those of weekend_only among them',
    (s) => Object.keys(s.scale_schedules).length > 190,
  ),
];
