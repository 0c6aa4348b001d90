/** How the sender of a webhook proves to be the sender: one scheme a file in schemes/. */
import type { IncomingHttpHeaders } from 'node:http';
import { CountersignError, type ErrorCode } from '../../errors.ts';

/** A message as it arrived. */
export interface ArrivedMessage {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body, of a scheme that signs what is in it. @throws invalid_input */
  readonly json: () => Promise<unknown>;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** What is known of a message once its sender is. */
export interface Authentic {
  /** The sender's id of it, the same at each repetition. Undefined: the sender has none. */
  readonly id?: string;
  readonly sentAt: Date;
  /** What is the same at each repetition. Default: the body. */
  readonly same?: Uint8Array;
}

export interface WebhookScheme {
  /** RFC 9110 11.6.1: what a 401 says would do. Absent where it answers none. */
  readonly challenge?: string;
  /** The answer while another task takes the same message, chosen so that the sender asks again. */
  readonly underWay: ErrorCode;
  /** @throws invalid_signature, untrusted_source, or what kept us from finding out */
  authenticate(message: ArrivedMessage): Promise<Authentic>;
}

export const invalidSignature = (message: string): CountersignError =>
  new CountersignError('invalid_signature', message);

/** A header that was sent once. */
export const header = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};
