/**
 * Text of GAQL queries. A query is made of its own text and of values that were checked here, and of nothing else: no value
 * can end a literal. https://developers.google.com/google-ads/api/docs/query/grammar
 */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';

const Text = z.string().brand<'Gaql'>();
/** A query, or a part of one. */
export type Gaql = z.infer<typeof Text>;

const checked = (value: string, shape: RegExp, be: string): Gaql => {
  if (shape.test(value)) return Text.parse(value);
  throw new CountersignError('invalid_input', `${JSON.stringify(value.slice(0, 40))} must be ${be}.`);
};

const quoted = (value: Gaql): Gaql => Text.parse(`'${value}'`);

/**
 * The only way to write a query.
 * @example gaql`SELECT campaign.id FROM campaign WHERE campaign.id = ${digits(campaignId)}`
 */
export const gaql = (texts: TemplateStringsArray, ...values: readonly Gaql[]): Gaql =>
  Text.parse(String.raw({ raw: texts }, ...values));

/** An id. @throws invalid_input for anything but digits */
export const digits = (id: string): Gaql => checked(id, /^\d{1,20}$/, 'an id of digits');

/** A value of an enumeration, such as ENABLED. @throws invalid_input */
export const word = (value: string): Gaql => quoted(checked(value, /^[A-Z][A-Z0-9_]{0,60}$/, 'a word in capitals'));

/** A day such as 2026-11-20. @throws invalid_input */
export const onDay = (date: string): Gaql => quoted(checked(date, /^\d{4}-\d{2}-\d{2}$/, 'a date such as 2026-11-20'));

/** A moment of the account's own clock such as 2026-11-20 09:00:00. @throws invalid_input */
export const moment = (at: string): Gaql =>
  quoted(checked(at, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'a moment such as 2026-11-20 09:00:00'));

/** Name of a resource such as customers/1234567890/campaigns/1. @throws invalid_input */
export const resource = (name: string): Gaql =>
  quoted(checked(name, /^customers\/\d{10}(\/[A-Za-z]{1,40}\/[\d~]{1,60})?$/, 'the name of a resource'));

/** Values between commas, for IN: one at least. */
export const among = (values: readonly Gaql[]): Gaql => Text.parse(values.join(', '));

/** The part, or nothing. */
export const where = (condition: boolean, part: () => Gaql): Gaql => (condition ? part() : Text.parse(''));
