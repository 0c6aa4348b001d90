/** The port to messages of Amazon SNS: whether SNS itself signed one, for a topic that is expected. */

/** A message of SNS whose signature was verified. */
export interface SnsMessage {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  /** The same each time SNS sends it again. */
  readonly messageId: string;
  readonly topicArn: string;
  /** When it was published. A repetition has the same. */
  readonly timestamp: Date;
  readonly subject?: string;
  /** What was published, as text. */
  readonly message: string;
  /** Of a topic that waits for its subscription to be confirmed: what confirms it, once somebody opens it. */
  readonly subscribeUrl?: string;
}

export interface SnsReading {
  /** ARNs of the topics whose messages are expected. */
  readonly topics: readonly string[];
  readonly signal: AbortSignal;
}

export interface Sns {
  /**
   * Verifies a message and reads it. Nothing of the message is called: a subscription stays unconfirmed.
   * @param envelope JSON of what SNS sends to an HTTP endpoint
   * @throws invalid_input where it is no such message; untrusted_source where the topic is none of these, or the signature is not
   * one of SNS in the topic's region; upstream_error or timeout where the certificate cannot be fetched
   * @example
   * const { message } = await sns.read(envelope, { topics: config.ALARM_TOPICS, signal: context.signal });
   */
  read(envelope: unknown, reading: SnsReading): Promise<SnsMessage>;
}
