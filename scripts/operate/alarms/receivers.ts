/** Who hears a topic. */
import { paginateListSubscriptionsByTopic, type SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { isNamed } from '../operated.ts';

export interface Receiver {
  /** Such as `email` or `https`. */
  readonly protocol: string;
  /** A mail address, or a webhook's host: the rest of its URL may hold a key. */
  readonly place: string;
  /** A mail address whose link nobody followed receives nothing. */
  readonly confirmed: boolean;
}

const placeOf = (endpoint: string): string => {
  if (!/^https?:/.test(endpoint)) return endpoint;
  return URL.canParse(endpoint) ? new URL(endpoint).host : 'a webhook';
};

const receiverOf = ({ Protocol = '', Endpoint = '', SubscriptionArn = '' }: Subscription): Receiver => ({
  protocol: Protocol,
  place: placeOf(Endpoint),
  // In place of an ARN: PendingConfirmation, Deleted.
  confirmed: SubscriptionArn.startsWith('arn:'),
});

/** A topic that does not exist has no receivers. */
export const receiversOf = async (client: SNSClient, TopicArn: string): Promise<readonly Receiver[]> => {
  const found: Receiver[] = [];
  try {
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
      found.push(...Subscriptions.map(receiverOf));
  } catch (error) {
    if (!isNamed(error, 'NotFoundException', 'NotFound')) throw error;
  }
  return found;
};
