/** Whether a value is within a limit, and if not what is wrong with it. */
import type { Limit, Range, TextRule } from './limit.ts';

const between = ({ min, max }: Range, unit: string): string => {
  if (min === undefined) return `at most ${max} ${unit}`;
  if (max === undefined) return `at least ${min} ${unit}`;
  return min === max ? `${min} ${unit}` : `${min} to ${max} ${unit}`;
};
const within = ({ min = 0, max = Number.POSITIVE_INFINITY }: Range, value: number): boolean =>
  value >= min && value <= max;

/** Bytes in UTF-8. */
export const bytesOf = (value: string): number => new TextEncoder().encode(value).length;

const shown = (value: string): string => JSON.stringify(value.length > 70 ? `${value.slice(0, 67)}...` : value);

export const textProblem = (rule: TextRule, what: string, value: string): string | undefined => {
  const unit = rule.unit ?? 'characters';
  const size = rule.unit === 'bytes' ? bytesOf(value) : [...value].length;
  if (!within(rule, size)) return `${shown(value)} has ${size} ${unit}; AWS takes ${between(rule, unit)} for ${what}`;
  if (rule.pattern !== undefined && !rule.pattern.test(value))
    return `${shown(value)} is not what AWS takes for ${what}: it must be ${rule.be}`;
  return undefined;
};

/** What a limit takes, as the documentation says it. */
export const saidOf = ({ rule }: Limit): string => {
  switch (rule.kind) {
    case 'text': {
      const { min, max, be, unit = 'characters' } = rule.text;
      const size = min === undefined && max === undefined ? [] : [between(rule.text, unit)];
      return [...size, ...(be === undefined ? [] : [be])].join(': ');
    }
    case 'items':
      return between(rule.items, '').trim();
    case 'number':
      return between(rule.number, '').trim();
    case 'prefix':
      return `/${rule.prefix.min} to /${rule.prefix.max}`;
    case 'document':
      return between(rule, rule.unit);
  }
};

/** @param value a text, a count, a number, the length of a prefix or the size of a document */
export const problemOf = ({ rule, what }: Limit, value: string | number): string | undefined => {
  if (rule.kind === 'text') return textProblem(rule.text, what, String(value));
  const size = Number(value);
  switch (rule.kind) {
    case 'items':
      return within(rule.items, size) ? undefined : `has ${size} ${what}; AWS takes ${between(rule.items, '').trim()}`;
    case 'number':
      return within(rule.number, size)
        ? undefined
        : `is ${size}; AWS takes ${between(rule.number, '').trim()} for ${what}`;
    case 'prefix':
      return within(rule.prefix, size)
        ? undefined
        : `is a /${size}; AWS takes /${rule.prefix.min} to /${rule.prefix.max} for ${what}`;
    case 'document':
      return size <= rule.max
        ? undefined
        : `has at least ${size} ${rule.unit}; AWS takes at most ${rule.max} for ${what}`;
  }
};
