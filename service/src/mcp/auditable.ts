/** What of a call goes into its audit record: enough to tell what was asked and answered, never whole results. */
import type { z } from 'zod';
import type { AuditEvent } from '../audit/record.ts';
import type { Belief } from '../call.ts';
import { AmountAnswer } from '../measures/money.ts';

type Json = z.infer<ReturnType<typeof z.json>>;

const MOST_CHARACTERS = 200;
const MOST_ITEMS = 100;
const SUMMARY_DEPTH = 2;

/** Control and format characters (bidi marks among them) are shown, not obeyed. */
const text = (value: string): string => value.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd').slice(0, MOST_CHARACTERS);

/** A value as JSON, undefined members left out, lists cut. */
const json = (value: unknown): Json => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value;
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map(json);
  if (typeof value !== 'object') return null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, json(member)]),
  );
};

/** Answers that a call is repeated with: kept nowhere but as a digest. */
const secrets: ReadonlySet<string> = new Set(['approval_token']);

/** Scalars of a result and of its first levels, amounts of money among them; other lists become their length. */
const summary = (value: Record<string, unknown>, depth = SUMMARY_DEPTH): Json =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, member]): [string, Json][] => {
      if (secrets.has(key)) return [];
      if (typeof member === 'string') return [[key, text(member)]];
      if (typeof member === 'number' || typeof member === 'boolean' || member === null) return [[key, member]];
      const amounts = amountsIn(member);
      if (amounts !== undefined) return [[key, text(amounts)]];
      if (Array.isArray(member)) return [[`${key}_count`, member.length]];
      if (typeof member === 'object' && depth > 1) return [[key, summary({ ...member }, depth - 1)]];
      return [];
    }),
  );

/** `0.03 USD`; of a list `1.20 EUR, 0.03 USD`. Undefined for whatever is no money. */
const amountsIn = (member: unknown): string | undefined => {
  const amounts = (Array.isArray(member) ? member : [member]).map((each) => AmountAnswer.safeParse(each).data);
  const told = amounts.flatMap((each) => (each === undefined ? [] : [`${each.amount} ${each.currency}`]));
  return told.length > 0 && told.length === amounts.length ? told.join(', ') : undefined;
};

const belief = (held: Belief): NonNullable<AuditEvent['beliefs']>[number] => ({
  parameter: held.parameter,
  assumed: json(held.assumed),
  because: held.because,
  ...(held.alternatives === undefined ? {} : { alternatives: held.alternatives.map(json) }),
});

export const auditable = { text, json, summary, belief };
