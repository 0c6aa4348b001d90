/** Sets an alarm off, sees that its topics were told, and gives it the state it had. */
import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  paginateDescribeAlarmHistory,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import type { Pace } from '../restore/copy.ts';
import { untilTrue } from '../waiting.ts';

/** Distinguishes a state that we set from one of CloudWatch, and holds the state before it. */
const mark = (before: StateValue): string =>
  `npm run alarms:test set this off, and it was ${before}. Nothing is wrong.`;
const marked = /^npm run alarms:test set this off, and it was (OK|ALARM|INSUFFICIENT_DATA)\./;

/** The state that a trial which was killed found; undefined where there was none. */
export const leftBy = ({ StateValue, StateReason = '' }: MetricAlarm): StateValue | undefined =>
  StateValue === 'ALARM' ? (marked.exec(StateReason)?.[1] as StateValue | undefined) : undefined;

const set = (client: CloudWatchClient, AlarmName: string, state: StateValue, StateReason: string) =>
  client.send(new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason }));

/** Leaves a state that CloudWatch has set meanwhile. */
export const putBack = async (client: CloudWatchClient, AlarmName: string): Promise<void> => {
  const { MetricAlarms = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: [AlarmName], AlarmTypes: ['MetricAlarm'] }),
  );
  const before = MetricAlarms[0] && leftBy(MetricAlarms[0]);
  if (before !== undefined)
    await set(client, AlarmName, before, 'npm run alarms:test puts back what was there. Nothing was wrong.');
};

const Action = z.object({ actionState: z.string().optional(), notificationResource: z.string().optional() });

interface Told {
  readonly topic: string;
  readonly succeeded: boolean;
}

/** What CloudWatch did since then, by its own history. */
const toldSince = async (client: CloudWatchClient, AlarmName: string, StartDate: Date): Promise<readonly Told[]> => {
  const found: Told[] = [];
  const pages = paginateDescribeAlarmHistory({ client }, { AlarmName, HistoryItemType: 'Action', StartDate });
  for await (const { AlarmHistoryItems = [] } of pages)
    for (const { Timestamp, HistoryData = '{}', HistorySummary = '' } of AlarmHistoryItems) {
      if (Timestamp !== undefined && Timestamp < StartDate) continue;
      const data = Action.safeParse(JSON.parse(HistoryData)).data;
      const topic = data?.notificationResource ?? /arn:[^ ]+/.exec(HistorySummary)?.[0] ?? '';
      const succeeded = data?.actionState?.startsWith('Succe') ?? HistorySummary.startsWith('Successfully');
      found.push({ topic, succeeded });
    }
  return found;
};

export interface Outcome {
  /** Topics that CloudWatch did not tell in time, or that refused. */
  readonly untold: readonly string[];
}

/** @throws whatever keeps the alarm from being set off; its state is put back all the same */
export const setOff = async (
  client: CloudWatchClient,
  { AlarmName = '', AlarmActions = [], StateValue = 'OK' }: MetricAlarm,
  pace: Pace & { readonly signal: AbortSignal },
): Promise<Outcome> => {
  // AWS writes history to the second.
  const start = new Date(Math.floor(Date.now() / 1000) * 1000);
  const told = new Map<string, boolean>();
  try {
    await set(client, AlarmName, 'ALARM', mark(StateValue));
    await untilTrue(async () => {
      for (const { topic, succeeded } of await toldSince(client, AlarmName, start)) told.set(topic, succeeded);
      return AlarmActions.every((topic) => told.has(topic));
    }, pace);
    return { untold: AlarmActions.filter((topic) => told.get(topic) !== true) };
  } finally {
    await putBack(client, AlarmName);
  }
};
