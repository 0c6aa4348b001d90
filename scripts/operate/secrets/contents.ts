/** What stands in a secret: pure changes of its text, each keeping what must stay valid. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { TwoKeys } from '../../../contracts/gateway.ts';
import { OperatorProblem } from '../../platform/problem.ts';

/** 64 letters, digits, _ and -: fits headers, load balancers' conditions and ElastiCache's tokens alike. */
export const randomValue = (): string => randomBytes(48).toString('base64url');

/** As Standard Webhooks writes a symmetric key: the prefix, and base64 of 24 to 64 bytes. */
const webhookKey = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** What is generated for a source of which several values hold at once, newest first, and what stands between them. */
export const severalAtOnce = {
  sealing: { fresh: randomValue, between: ',' },
  token: { fresh: randomValue, between: ' ' },
  'webhook-key': { fresh: webhookKey, between: ' ' },
} as const;
export type SeveralAtOnce = keyof typeof severalAtOnce;

export const holdsSeveral = (source: string): source is SeveralAtOnce => Object.hasOwn(severalAtOnce, source);

const Entries = z.record(z.string(), z.unknown());

/** @throws OperatorProblem for a text that is no JSON object; never with the text */
const entriesOf = (name: string, text: string): Readonly<Record<string, unknown>> => {
  if (text.trim() === '') return {};
  try {
    return Entries.parse(JSON.parse(text));
  } catch {
    throw new OperatorProblem(
      `The secret ${name} holds something else than a JSON object, so no key can be put in it: look at it in Secrets Manager, and empty it if it is of no use.`,
    );
  }
};

/** The value of one key, or of the whole secret; undefined where there is none. */
export const valueIn = (name: string, text: string, key: string | undefined): string | undefined => {
  if (key === undefined) return text.trim() === '' || text.trim() === '{}' ? undefined : text;
  const value = entriesOf(name, text)[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The text with one key set, or removed; the others stay as they are. */
export const withEntries = (
  name: string,
  text: string,
  entries: Readonly<Record<string, string | undefined>>,
): string => JSON.stringify({ ...entriesOf(name, text), ...entries });

/** Values of a header. `next` is accepted already, and not sent yet. */
const HeaderValues = z.object({
  current: z.string(),
  previous: z.string().optional(),
  next: z.string().optional(),
});
export type HeaderValues = z.infer<typeof HeaderValues>;

const parsed = <T>(name: string, schema: z.ZodType<T>, text: string): T => {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new OperatorProblem(
      `The secret ${name} does not hold { current, previous }: empty it, and run secrets create.`,
    );
  }
};

/** A caller's new key, and the one before it, which stays good until the next rotation. */
export const rotatedKeys = (name: string, text: string, fresh = randomValue()): string => {
  const { current } = parsed(name, TwoKeys, text);
  return JSON.stringify({ current: fresh, previous: current });
};

/**
 * A header's new value. One Terraform stack changes those that check it before the one that sends it. Several stacks are
 * applied one after another: there everyone has to accept it first, and a second rotation then sends it.
 */
export const rotatedHeader = (name: string, text: string, stacks: number, fresh = randomValue()): HeaderValues => {
  const { current, next } = parsed(name, HeaderValues, text);
  if (next !== undefined) return { current: next, previous: current };
  return stacks > 1 ? { current, next: fresh } : { current: fresh, previous: current };
};

/** Without the value before: whoever still has it is refused. */
export const retired = (name: string, text: string): string => {
  const { previous, ...rest } = parsed(name, HeaderValues, text);
  if (previous === undefined)
    throw new OperatorProblem(`The secret ${name} has no previous value. Nothing was changed.`);
  return JSON.stringify(rest);
};
