/** What the stand-in estate costs: added up from the same rows, so that reports and estate never disagree. */
import type { Tables } from '../../../ports/tables.ts';
import { COST_DAYS, type Costs, type ResourceCost, type Spend, type SpendRequest } from '../cost/costs.ts';
import type { SandboxResource } from './generate.ts';
import { createResources } from './resources.ts';
import type { SandboxType } from './types.ts';

const services: Record<SandboxType, string> = {
  'ec2:instance': 'Amazon Elastic Compute Cloud - Compute',
  'rds:db': 'Amazon Relational Database Service',
  's3:bucket': 'Amazon Simple Storage Service',
  'lambda:function': 'AWS Lambda',
  'ecs:cluster': 'Amazon Elastic Container Service',
  'ecs:service': 'Amazon Elastic Container Service',
  'opensearch:domain': 'Amazon OpenSearch Service',
  'ec2:volume': 'EC2 - Other',
  'dynamodb:table': 'Amazon DynamoDB',
  'sqs:queue': 'Amazon Simple Queue Service',
  'kms:key': 'AWS Key Management Service',
  'elasticloadbalancing:loadbalancer': 'Amazon Elastic Load Balancing',
};
const compute = services['ec2:instance'];

/** Spend no resource of the sandbox carries, as a share of what they cost. */
const besides: Readonly<Record<string, number>> = {
  'EC2 - Other': 0.06,
  'AWS Data Transfer': 0.04,
  'AWS Support (Business)': 0.03,
  Tax: 0.08,
};

const DAY = 86_400_000;

/** The account whose costs are told per resource; the others tell them per Name, as accounts without that option do. */
const DETAILED_ACCOUNT = '123456789012';

const usdOf = (resource: SandboxResource, share: number): number =>
  resource.state === 'terminated' || (resource.type === 'ec2:instance' && resource.state === 'stopped')
    ? 0
    : resource.monthlyUsd * share;

const add = (sums: Map<string, number>, key: string, usd: number): void => {
  if (usd > 0) sums.set(key, (sums.get(key) ?? 0) + usd);
};

export const createSandboxCosts = (tables: Tables): Costs => {
  const resources = createResources(tables);
  return {
    price: () => ({ requests: 0, charges: [] }),
    spend: async (request) => {
      const parts = await Promise.all(
        request.accounts.map(async (accountId) =>
          accountSpend(accountId, await resources.ofAccount(accountId), request),
        ),
      );
      return {
        period: request.period,
        lines: parts.flatMap((part) => part.lines),
        byResource: new Map(parts.flatMap((part) => [...part.byResource])),
        byName: parts.flatMap((part) => part.byName),
        failures: [],
      };
    },
  };
};

const accountSpend = (
  accountId: string,
  all: readonly SandboxResource[],
  { regions, period }: SpendRequest,
): Pick<Spend, 'lines' | 'byResource' | 'byName'> => {
  const share = (Date.parse(period.end) - Date.parse(period.start)) / DAY / COST_DAYS;
  const perService = new Map<string, number>();
  const perName = new Map<string, number>();
  const byResource = new Map<string, ResourceCost>();
  for (const resource of all.filter((each) => regions.includes(each.region))) {
    const usd = usdOf(resource, share);
    add(perService, services[resource.type], usd);
    const told = accountId === DETAILED_ACCOUNT && (resource.type === 'ec2:instance' || resource.type === 'rds:db');
    if (told && usd > 0) byResource.set(resource.arn, { usd, source: 'actual' });
    else if (resource.type === 'ec2:instance' && resource.tags.Name !== undefined)
      add(perName, resource.tags.Name, usd);
  }
  const total = [...perService.values()].reduce((sum, usd) => sum + usd, 0);
  for (const [service, part] of Object.entries(besides)) add(perService, service, total * part);
  return {
    lines: [...perService].map(([service, usd]) => ({ accountId, service, usd })),
    byResource,
    byName: [...perName].map(([name, usd]) => ({ accountId, service: compute, name, usd })),
  };
};
