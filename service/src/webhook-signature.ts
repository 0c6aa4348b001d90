/**
 * Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 over id, timestamp and the bytes of the body.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds by which the timestamp may differ from our clock, as the specification's own libraries have it. */
const TOLERANCE_SECONDS = 300;

const prefix = 'whsec_';
const fewestBytes = 24;
const mostBytes = 64;

// A dot could move bytes from the id into the timestamp under the same signature ("Signature scheme").
const idPattern = /^[\x21-\x2d\x2f-\x7e]{1,255}$/;
const timestampPattern = /^\d{1,12}$/;

export interface WebhookHeaders {
  readonly id: string;
  /** Epoch seconds of this attempt, as it was sent. */
  readonly timestamp: string;
  /** `v1,<base64>`, several separated by spaces while the sender changes its key. */
  readonly signature: string;
}

/**
 * The keys of a secret: `whsec_` and base64 of 24 to 64 bytes. Several, separated by spaces, are all accepted, so that a key
 * can be changed without a moment at which neither side has the other's.
 * @throws Error that names the variable, and no part of the secret
 */
export const webhookKeys = (secret: string, variable: string): readonly Buffer[] =>
  secret
    .trim()
    .split(/\s+/)
    .map((text) => {
      const base64 = text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
      const key = Buffer.from(base64 ?? '', 'base64');
      const unpadded = (value: string) => value.replace(/=+$/, '');
      const whole = base64 !== undefined && unpadded(key.toString('base64')) === unpadded(base64);
      if (whole && key.length >= fewestBytes && key.length <= mostBytes) return key;
      throw new Error(
        `${variable} must be ${prefix} and the base64 of ${fewestBytes} to ${mostBytes} bytes; several keys are separated by spaces`,
      );
    });

const macOf = (key: Buffer, { id, timestamp }: Omit<WebhookHeaders, 'signature'>, body: Uint8Array): Buffer =>
  createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();

/** The value of webhook-signature, with one signature a key. */
export const signatureOf = (
  keys: readonly Buffer[],
  message: Omit<WebhookHeaders, 'signature'>,
  body: Uint8Array,
): string => keys.map((key) => `v1,${macOf(key, message, body).toString('base64')}`).join(' ');

/** Why a message is refused; undefined when it is the sender's own, and of now. Words for the sender. */
export const signatureRefusalOf = (
  headers: Partial<WebhookHeaders>,
  body: Uint8Array,
  keys: readonly Buffer[],
  now: Date,
): string | undefined => {
  const { id, timestamp, signature } = headers;
  if (id === undefined || timestamp === undefined || signature === undefined)
    return 'The headers webhook-id, webhook-timestamp and webhook-signature are required.';
  if (!idPattern.test(id)) return 'webhook-id: must be 1 to 255 visible ASCII characters without a dot.';
  if (!timestampPattern.test(timestamp)) return 'webhook-timestamp: must be whole seconds since 1970.';
  const given = signature
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice(3), 'base64'));
  const expected = keys.map((key) => macOf(key, { id, timestamp }, body));
  const matches = given.some((each) =>
    expected.some((mac) => mac.length === each.length && timingSafeEqual(mac, each)),
  );
  if (!matches) return 'webhook-signature: no signature is of this id, timestamp and body by a key we know.';
  // After the signature, so that only the sender learns anything of our clock.
  const away = Math.floor(now.getTime() / 1000) - Number(timestamp);
  return Math.abs(away) > TOLERANCE_SECONDS
    ? `webhook-timestamp: is ${Math.abs(away)} s ${away > 0 ? 'before' : 'after'} our clock; at most ${TOLERANCE_SECONDS} are accepted.`
    : undefined;
};
