/** AWS makes nothing under a name, at a place or with an address that is taken, and what is replaced goes last. */
import type { ResourceChange } from '../plan-json.ts';
import { isDestroyed } from '../references.ts';
import { uniqueKey } from '../unique.ts';
import type { Check } from './check.ts';

const name = (kind: string): string => `give the new one a name of its own, names = { ${kind} = "..." }`;

/** What to do instead, by type. */
const remedies: Readonly<Record<string, string>> = {
  aws_db_instance: `${name('database')}, and bring the data over before the old one goes`,
  aws_ecr_repository: name('repository'),
  aws_elasticache_replication_group: name('cache'),
  aws_iam_role: name('task-role'),
  aws_lambda_function: name('service'),
  aws_lb: name('load-balancer'),
  aws_lb_target_group: name('target-group'),
  aws_nat_gateway:
    'its address is in use until the old gateway is gone: take the zone out in one apply and back in the next (docs/changes.md#network)',
  aws_s3_bucket: 'a bucket cannot be made anew under its name while it stands',
  aws_subnet: 'give the zone a range that no subnet has',
};

/** Their constructs say that the old one goes first. */
const destroyedFirst: ReadonlySet<string> = new Set([
  'aws_cloudwatch_log_delivery_source',
  'aws_cognito_user_pool_domain',
  'aws_route53_record',
  'aws_wafv2_web_acl_association',
]);

const isMade = ({ mode, change }: ResourceChange): boolean =>
  mode === 'managed' && change.actions.includes('create') && change.actions[0] !== 'delete';

export const takenNames: Check = {
  name: 'taken-name',
  asks: 'Nothing is made under the name, range or address of something that goes only afterwards.',
  breaches: ({ resource_changes }) => {
    const going = resource_changes.filter((change) => isDestroyed(change) && !destroyedFirst.has(change.type));
    const owners = new Map(going.map(({ address, type, change }) => [uniqueKey(type, change.before), address]));
    return resource_changes.filter(isMade).flatMap(({ address, type, change }) => {
      const key = uniqueKey(type, change.after);
      const owner = key === undefined ? undefined : owners.get(key);
      if (owner === undefined || destroyedFirst.has(type)) return [];
      const whose = owner === address ? 'the one it replaces' : owner;
      return [
        {
          address,
          problem: `would be made while ${whose} stands, which has the same name or place: ${remedies[type] ?? 'use another name, or two applies'}`,
        },
      ];
    });
  },
};
