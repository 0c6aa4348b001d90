/** Whether logs that would show an attack are written: log groups, and CloudTrail. */
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  type GetTrailStatusCommandOutput,
} from '@aws-sdk/client-cloudtrail';
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  ListTagsForResourceCommand,
  type LogGroup,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { attention, broken, type Check, type Judgement, ok } from '../health/check.ts';
import { runningNames } from '../running.ts';
import { isOthers } from '../whose.ts';

const HOUR = 3_600_000;
/** A day, and hours to spare for what sleeps at night. */
const QUIET_HOURS = 36;

/** Written only when something happens that need not. */
const rare = /\/upgrade$|slow-log|\/sessions$|authorizer/;

export const judgeArrival = (name: string, last: Date | undefined, now: Date): Judgement => {
  if (last === undefined) return attention(name, 'has never had a record');
  const hours = Math.floor((now.getTime() - last.getTime()) / HOUR);
  const says = `had its last record ${hours} hours ago`;
  return hours > QUIET_HOURS ? attention(name, `${says}: check that it runs and may write`) : ok(name, says);
};

/** By the names of this environment. What another's begins as this one's does is told apart by its tags. */
const isNamedOurs = ({ settings, names, ...deployment }: Deployment, { logGroupName = '' }: LogGroup): boolean => {
  const known = [
    settings.name_prefix,
    names.of('log-group'),
    runningNames({ settings, names, ...deployment }).function,
  ];
  return known.some((name) => logGroupName.includes(name)) && !rare.test(logGroupName);
};

const isOurs = async (client: CloudWatchLogsClient, deployment: Deployment, group: LogGroup): Promise<boolean> => {
  if (!isNamedOurs(deployment, group)) return false;
  // The ARN that a group is listed with ends with :*, which tags are not asked by.
  const resourceArn = group.logGroupArn ?? group.arn?.replace(/:\*$/, '');
  const { tags = {} } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
  return !isOthers(deployment.settings, tags);
};

/** CloudWatch Logs tells the last record of a stream within an hour. */
const lastOf = async (client: CloudWatchLogsClient, logGroupName: string): Promise<Date | undefined> => {
  const command = new DescribeLogStreamsCommand({ logGroupName, orderBy: 'LastEventTime', descending: true, limit: 5 });
  const { logStreams = [] } = await client.send(command);
  const times = logStreams.flatMap(({ lastEventTimestamp }) => lastEventTimestamp ?? []);
  return times.length === 0 ? undefined : new Date(Math.max(...times));
};

const logs: Check = {
  name: 'logs',
  applies: () => true,
  look: async ({ deployment, client, now }) => {
    const cloudwatch = client(CloudWatchLogsClient);
    const groups: LogGroup[] = [];
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: cloudwatch }, {}))
      for (const group of logGroups) if (await isOurs(cloudwatch, deployment, group)) groups.push(group);
    if (groups.length === 0) return [broken('logs', 'there is no log group of this environment: npm run deploy')];
    return Promise.all(
      groups.map(async ({ logGroupName = '' }) =>
        judgeArrival(logGroupName, await lastOf(cloudwatch, logGroupName), now),
      ),
    );
  },
};

export const judgeTrail = (
  name: string,
  { IsLogging, LatestDeliveryError, LatestDeliveryTime }: Partial<GetTrailStatusCommandOutput>,
  now: Date,
): Judgement => {
  if (IsLogging !== true) return broken(name, 'is switched off: aws cloudtrail start-logging');
  if (LatestDeliveryError !== undefined && LatestDeliveryError !== '')
    return broken(name, `cannot write to its bucket: ${LatestDeliveryError}`);
  if (LatestDeliveryTime === undefined) return ok(name, 'is on');
  const hours = Math.floor((now.getTime() - LatestDeliveryTime.getTime()) / HOUR);
  return hours > QUIET_HOURS
    ? attention(name, `is on, and delivered last ${hours} hours ago`)
    : ok(name, `is on, and delivered last ${hours} hours ago`);
};

/** An account needs one trail, which another environment or the organization may have. */
const trail: Check = {
  name: 'trail',
  applies: ({ primary }) => primary,
  look: async ({ deployment: { settings }, client, now }) => {
    const cloudtrail = client(CloudTrailClient);
    const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({}));
    if (trailList.length === 0) {
      const says = 'there is none: cloudtrail = true in one environment of the account';
      return [settings.kind === 'prod' ? broken('trail', says) : attention('trail', says)];
    }
    return Promise.all(
      trailList.map(async ({ Name = '', TrailARN, IsMultiRegionTrail, LogFileValidationEnabled }) => {
        const judged = judgeTrail(Name, await cloudtrail.send(new GetTrailStatusCommand({ Name: TrailARN })), now);
        if (judged.verdict !== 'ok') return judged;
        if (IsMultiRegionTrail !== true) return attention(Name, 'is on in one region alone');
        return LogFileValidationEnabled === true ? judged : attention(Name, 'is on, and its files are not validated');
      }),
    );
  },
};

export const records: readonly Check[] = [logs, trail];
