/** What a plan cannot know before it is applied: `after_unknown` marks it with true, at the top or anywhere below. */

export const UNKNOWN = '(known after apply)';

export const isBranch = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === 'object' && value !== null;

/** Any part below is marked. */
export const holdsMark = (tree: unknown): boolean =>
  tree === true || (isBranch(tree) && Object.values(tree).some(holdsMark));

const childOf = (tree: unknown, key: string): unknown =>
  isBranch(tree) ? (tree as Readonly<Record<string, unknown>>)[key] : undefined;

/** The planned value, with UNKNOWN in every place that is marked: a plan leaves those out, or null. */
export const known = (after: unknown, unknown: unknown): unknown => {
  if (unknown === true) return UNKNOWN;
  if (!holdsMark(unknown) || !isBranch(unknown)) return after;
  const keys = new Set([...Object.keys(isBranch(after) ? after : {}), ...Object.keys(unknown)]);
  const entries = [...keys].map((key) => [key, known(childOf(after, key), childOf(unknown, key))] as const);
  return Array.isArray(unknown) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
};
