/** Cron expressions as AWS takes them: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
import { z } from 'zod';

interface Field {
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
  /** What the field may be besides values, ranges and steps. */
  readonly special?: RegExp;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const fields: readonly Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31, special: /^(?:\?|L|LW|(?:[1-9]|[12]\d|3[01])W)$/ },
  { from: 1, to: 12, words: months },
  { from: 1, to: 7, words: days, special: /^(?:\?|L|(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:L|#[1-5]))$/ },
  { from: 1970, to: 2199 },
];

const isValue = ({ from, to, words = [] }: Field, text: string): boolean =>
  words.includes(text.toUpperCase()) || (/^\d{1,4}$/.test(text) && Number(text) >= from && Number(text) <= to);

/** `5`, `MON-FRI`, `*`, `0/15`. */
const isPart = (field: Field, part: string): boolean => {
  if (field.special?.test(part) === true) return true;
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return false;
  if (range === '*') return true;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every((end) => isValue(field, end));
};

const isCron = (text: string): boolean => {
  const [, inside] = /^cron\((.+)\)$/.exec(text) ?? [];
  const given = inside?.split(' ') ?? [];
  if (given.length !== fields.length) return false;
  // A day is of the month or of the week; the other one is left open.
  if ((given[2] === '?') === (given[4] === '?')) return false;
  return fields.every((field, index) => given[index]?.split(',').every((part) => isPart(field, part)));
};

export const cronExpression = z.string().refine(isCron, {
  error:
    'must be a six-field AWS cron expression such as cron(0 6 ? * SAT,SUN *): minute, hour, day of the month, month, day of the week, year, with ? for one of the two days',
});
