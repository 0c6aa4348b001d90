/** Reads a post in the form it is in. */
import { CountersignError } from '../../../errors.ts';
import type { Sns } from '../../../ports/sns.ts';
import { fromAlertmanager } from './forms/alertmanager.ts';
import { fromCloudWatch, type SeverityOfAlarm } from './forms/cloudwatch.ts';
import { fromGeneric } from './forms/generic.ts';
import { type AlertPost, MOST_ALERTS, MOST_BYTES, type PostFormat } from './post.ts';

export interface PostReader {
  /**
   * @param payload JSON
   * @param format auto: by its members
   * @throws invalid_input naming the member, too_large, untrusted_source of SNS
   */
  read(payload: unknown, format: PostFormat | 'auto', signal: AbortSignal): Promise<AlertPost>;
}

export interface PostReaderParts {
  readonly sns: Sns;
  /** ARNs of the topics whose alarms are taken. */
  readonly topics: readonly string[];
  readonly severityOf: SeverityOfAlarm;
  readonly now: () => Date;
}

const has = (payload: unknown, ...members: readonly string[]): boolean =>
  typeof payload === 'object' && payload !== null && members.every((member) => member in payload);

/** What no other form has: generic is what is left. */
export const formatOf = (payload: unknown): PostFormat => {
  if (has(payload, 'Type', 'TopicArn')) return 'cloudwatch_sns';
  return has(payload, 'alerts', 'version') || has(payload, 'alerts', 'groupKey') ? 'alertmanager' : 'generic';
};

const tooLarge = (what: string): CountersignError =>
  new CountersignError('too_large', `payload: has ${what}. Send it in smaller posts.`);

export const createPostReader = ({ sns, topics, severityOf, now }: PostReaderParts): PostReader => {
  const readAs = async (
    payload: unknown,
    format: PostFormat,
    arrived: string,
    signal: AbortSignal,
  ): Promise<AlertPost> => {
    if (format === 'alertmanager') return fromAlertmanager(payload, arrived);
    if (format === 'generic') return fromGeneric(payload, arrived);
    return fromCloudWatch(await sns.read(payload, { topics, signal }), arrived, severityOf);
  };
  return {
    read: async (payload, format, signal) => {
      if (Buffer.byteLength(JSON.stringify(payload)) > MOST_BYTES) throw tooLarge(`over ${MOST_BYTES} bytes`);
      const post = await readAs(payload, format === 'auto' ? formatOf(payload) : format, now().toISOString(), signal);
      if (post.alerts.length > MOST_ALERTS) throw tooLarge(`over ${MOST_ALERTS} alerts`);
      return post;
    },
  };
};
