/** What a sender posted, whatever its form was. */
import type { IncomingAlert } from '../model/incoming.ts';

export const postFormats = ['alertmanager', 'cloudwatch_sns', 'generic'] as const;
export type PostFormat = (typeof postFormats)[number];

/** Alerts of one post at most. */
export const MOST_ALERTS = 500;
/** Bytes of one post at most: 1 MiB. */
export const MOST_BYTES = 1_048_576;

export interface AlertPost {
  readonly format: PostFormat;
  /** In the order in which the sender has them. Null: something that says nothing of an alert. */
  readonly alerts: readonly (IncomingAlert | null)[];
  /** Times that were not the sender's to say: none, none that can be read, or ahead of our clock. */
  readonly times_corrected: number;
  /** The topic that waits until somebody confirms its subscription, and the address that does it. */
  readonly needs_confirmation?: { readonly topic: string; readonly address: string };
}
