/** Attributes whose text is JSON, read so that a change inside them can be told. */
import { isBranch } from './unknown.ts';

const secretName = /password|secret|token|api_?key|credential|private/i;
const MASK = '(sensitive)';

/** `{ name, value }`, as containers have their variables: the name says whether the value is a secret. */
const masked = (value: unknown): unknown => {
  if (!isBranch(value)) return value;
  if (Array.isArray(value)) return value.map(masked);
  const secret = typeof value.name === 'string' && secretName.test(value.name);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, secret && key === 'value' ? MASK : masked(inner)]),
  );
};

/** The object or list that a text holds, secrets masked; undefined for any other text. */
export const parsed = (text: unknown): unknown => {
  if (typeof text !== 'string' || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return masked(JSON.parse(text));
  } catch {
    return undefined;
  }
};
