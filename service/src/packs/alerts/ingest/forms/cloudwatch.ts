/**
 * What CloudWatch publishes of an alarm, in the message of SNS that carries it. A composite alarm has no trigger.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';
import type { SnsMessage } from '../../../../ports/sns.ts';
import { parseElementType } from '../../model/element.ts';
import type { IncomingAlert } from '../../model/incoming.ts';
import type { AlertSeverity } from '../../model/severity.ts';
import type { AlertPost } from '../post.ts';
import { cut, kept, pairsOf, siteOf } from '../texts.ts';
import { readTimes } from '../times.ts';
import { invalidPayload } from './invalid-payload.ts';

const Dimension = z.looseObject({ name: z.string(), value: z.string() });

const Alarm = z.looseObject({
  AlarmName: z.string().min(1),
  AlarmArn: z.string().default(''),
  NewStateValue: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  NewStateReason: z.string().default(''),
  StateChangeTime: z.string().optional(),
  Trigger: z.looseObject({ Dimensions: z.array(Dimension).default([]) }).optional(),
});

/** The severity of an alarm by its name: CloudWatch knows none. */
export type SeverityOfAlarm = (alarmName: string) => AlertSeverity;

const jsonIn = (message: string): unknown => {
  try {
    return JSON.parse(message);
  } catch {
    throw new CountersignError('invalid_input', 'payload.Message: is no JSON. Only alarms of CloudWatch are taken.');
  }
};

/** The dimensions that say where it is, and the others, which tell it from others of its name. */
const dimensionsOf = ({ Trigger }: z.output<typeof Alarm>) => {
  const { SiteCode, ElementType, ...others } = Object.fromEntries(
    (Trigger?.Dimensions ?? []).map(({ name, value }) => [name, value]),
  );
  return { site: SiteCode, element: ElementType, others };
};

/**
 * @param message verified: see Sns.read
 * @throws invalid_input that names the member
 */
export const fromCloudWatch = (message: SnsMessage, arrived: string, severityOf: SeverityOfAlarm): AlertPost => {
  const format = 'cloudwatch_sns';
  if (message.type === 'SubscriptionConfirmation')
    return {
      format,
      alerts: [],
      times_corrected: 0,
      needs_confirmation: { topic: message.topicArn, address: message.subscribeUrl ?? '' },
    };
  if (message.type === 'UnsubscribeConfirmation') return { format, alerts: [], times_corrected: 0 };
  const { success, data: alarm, error } = Alarm.safeParse(jsonIn(message.message));
  if (!success) throw invalidPayload(error);
  // It says that nobody measured: whatever fired goes on.
  if (alarm.NewStateValue === 'INSUFFICIENT_DATA') return { format, alerts: [null], times_corrected: 0 };
  const times = readTimes(arrived);
  const changed = times.starts(alarm.StateChangeTime);
  const ended = alarm.NewStateValue === 'OK';
  const { site, element, others } = dimensionsOf(alarm);
  const incoming: IncomingAlert = {
    source: 'cloudwatch',
    name: cut(alarm.AlarmName, kept.name),
    description: cut(alarm.NewStateReason, kept.prose),
    severity: severityOf(alarm.AlarmName),
    severity_defaulted: false,
    status: ended ? 'resolved' : 'firing',
    site_code: siteOf(site),
    element_type: parseElementType(element),
    element_id: cut(alarm.AlarmArn, kept.element),
    labels: pairsOf(others, kept.label),
    annotations: {},
    starts_at: changed,
    ends_at: ended ? changed : null,
    received_at: arrived,
  };
  return { format, alerts: [incoming], times_corrected: times.corrected };
};
