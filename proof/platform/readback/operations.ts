/** What the API tells of sign-in and of watching: user pools, alarms, dashboards, logs. */
import {
  GetDashboardCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
  paginateListDashboards,
} from '@aws-sdk/client-cloudwatch';
import { type LogGroup, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  type GroupType,
  paginateListGroups,
  paginateListResourceServers,
  paginateListUserPoolClients,
  paginateListUserPools,
  type ResourceServerType,
  type UserPoolClientType,
  type UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider';
import { all, type Clients } from '../clients.ts';

export interface PoolSeen {
  readonly pool: UserPoolType;
  readonly clients: readonly UserPoolClientType[];
  readonly groups: readonly GroupType[];
  readonly servers: readonly ResourceServerType[];
}
export interface OperationsSeen {
  readonly pools: readonly PoolSeen[];
  readonly alarms: readonly MetricAlarm[];
  /** Bodies by name. */
  readonly dashboards: Readonly<Record<string, string>>;
  readonly logGroups: readonly LogGroup[];
}

const readPool = async (client: Clients['cognito'], UserPoolId: string): Promise<PoolSeen> => {
  const { UserPool: pool } = await client.send(new DescribeUserPoolCommand({ UserPoolId }));
  if (pool === undefined) throw new Error(`${UserPoolId} is not told`);
  const listed = await all(paginateListUserPoolClients({ client }, { UserPoolId }), (page) => page.UserPoolClients);
  const clients: UserPoolClientType[] = [];
  for (const { ClientId } of listed) {
    const { UserPoolClient } = await client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    if (UserPoolClient !== undefined) clients.push(UserPoolClient);
  }
  return {
    pool,
    clients,
    groups: await all(paginateListGroups({ client }, { UserPoolId }), ({ Groups }) => Groups),
    servers: await all(
      paginateListResourceServers({ client }, { UserPoolId, MaxResults: 50 }),
      ({ ResourceServers }) => ResourceServers,
    ),
  };
};

export const readOperations = async ({ cognito, cloudwatch, logs }: Clients): Promise<OperationsSeen> => {
  const pools = await all(paginateListUserPools({ client: cognito }, { MaxResults: 50 }), ({ UserPools }) => UserPools);
  const boards = await all(
    paginateListDashboards({ client: cloudwatch }, {}),
    ({ DashboardEntries }) => DashboardEntries,
  );
  const dashboards: Record<string, string> = {};
  for (const { DashboardName = '' } of boards) {
    const { DashboardBody = '' } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
    dashboards[DashboardName] = DashboardBody;
  }
  return {
    pools: await Promise.all(pools.map(({ Id = '' }) => readPool(cognito, Id))),
    alarms: await all(paginateDescribeAlarms({ client: cloudwatch }, {}), ({ MetricAlarms }) => MetricAlarms),
    dashboards,
    logGroups: await all(paginateDescribeLogGroups({ client: logs }, {}), ({ logGroups }) => logGroups),
  };
};
