/** What changes inside a resource, attribute by attribute, with secrets masked. */
import { z } from 'zod';
import { parsed } from './json-text.ts';
import { policyDifferences, policySummary } from './policy-differences.ts';
import { holdsMark, isBranch, known, UNKNOWN } from './unknown.ts';

export const Difference = z.object({
  /** Such as `tags.Owner` or `ingress[0].from_port`. */
  path: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});
export type Difference = z.infer<typeof Difference>;

const SENSITIVE = '(sensitive)';
const LONGEST = 120;

// The provider marks secrets; an attribute by one of these names is masked even where it does not.
const secretName = /(^|[._])(password|secret_string|secret_binary|auth_token|private_key|client_secret)$/;

type Tree = unknown;
const childOf = (tree: Tree, key: string | number): Tree =>
  tree === true
    ? true
    : typeof tree === 'object' && tree !== null
      ? (tree as Record<string | number, Tree>)[key]
      : undefined;

const isFlatList = (value: unknown): boolean => Array.isArray(value) && value.every((item) => !isBranch(item));

/** One line, cut where it is long. */
export const shorten = (text: string, most = LONGEST): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
};

const show = (value: unknown): string => {
  const inside = parsed(value) ?? value;
  return shorten(JSON.stringify(inside) ?? 'null');
};

interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: Tree;
  readonly beforeSensitive: Tree;
  readonly afterSensitive: Tree;
}

const sideOf = (sides: Sides, key: string | number): Sides => ({
  before: childOf(sides.before, key),
  after: childOf(sides.after, key),
  unknown: childOf(sides.unknown, key),
  beforeSensitive: childOf(sides.beforeSensitive, key),
  afterSensitive: childOf(sides.afterSensitive, key),
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const isAbsent = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (isBranch(value) && Object.keys(value).length === 0);

const keysOf = (before: unknown, after: unknown, unknown: unknown): (string | number)[] => {
  const keys = new Set([before, after, unknown].flatMap((side) => (isBranch(side) ? Object.keys(side) : [])));
  return [before, after, unknown].some(Array.isArray) ? [...keys].map(Number) : [...keys].sort();
};

const shownBefore = (before: unknown, unknown: Tree): string =>
  (unknown === true ? policySummary(before) : undefined) ?? show(before);

const leaf = (sides: Sides, path: string): Difference[] => {
  const { before, unknown, beforeSensitive, afterSensitive } = sides;
  const after = known(sides.after, unknown);
  const masked = holdsMark(beforeSensitive) || holdsMark(afterSensitive) || secretName.test(path);
  const to = unknown === true ? UNKNOWN : isAbsent(after) ? undefined : masked ? SENSITIVE : show(after);
  const from = isAbsent(before) ? undefined : masked ? SENSITIVE : shownBefore(before, unknown);
  if (from === undefined && to === undefined) return [];
  return [{ path, ...(from !== undefined && { before: from }), ...(to !== undefined && { after: to }) }];
};

/** A text of JSON is compared inside: container definitions, event patterns, dashboards. */
const insideJson = (path: string, before: unknown, after: unknown): Difference[] | undefined => {
  const [old, fresh] = [parsed(before), parsed(after)];
  if (old === undefined || fresh === undefined) return undefined;
  const sides = {
    before: old,
    after: fresh,
    unknown: undefined,
    beforeSensitive: undefined,
    afterSensitive: undefined,
  };
  const found = compare(sides, path);
  return found.length > 0 ? found : undefined;
};

/** A text or number, of which nothing below is known apart. */
const compareWhole = (sides: Sides, path: string): Difference[] => {
  const { before, after, unknown, beforeSensitive, afterSensitive } = sides;
  const masked = holdsMark(beforeSensitive) || holdsMark(afterSensitive) || secretName.test(path);
  // What is not known yet ceases to allow nothing.
  if (masked || unknown === true) return leaf(sides, path);
  return policyDifferences(path, before, after) ?? insideJson(path, before, after) ?? leaf(sides, path);
};

const compare = (sides: Sides, path: string): Difference[] => {
  const { before, after, unknown, beforeSensitive, afterSensitive } = sides;
  if (unknown !== true && isSame(before, after) && !holdsMark(unknown)) return [];
  // Sets come in no order of their own, so a changed list of plain values is told whole.
  const whole = unknown === true || beforeSensitive === true || afterSensitive === true || isFlatList(after ?? before);
  if (!whole && (isBranch(before) || isBranch(after) || isBranch(unknown)))
    return keysOf(before, after, unknown).flatMap((key) =>
      compare(sideOf(sides, key), typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
    );
  return compareWhole(sides, path);
};

/** Every difference between before and after; `tags_all` only where `tags` does not say the same. */
export const differencesOf = (change: {
  readonly before: unknown;
  readonly after: unknown;
  readonly after_unknown?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
}): Difference[] => {
  const all = compare(
    {
      before: change.before ?? {},
      after: change.after ?? {},
      unknown: change.after_unknown ?? {},
      beforeSensitive: change.before_sensitive,
      afterSensitive: change.after_sensitive,
    },
    '',
  );
  const own = all.filter(({ path }) => !path.startsWith('tags_all'));
  return own.length > 0 ? own : all;
};

/** `port: 80 → 443`, `policy: + Allow ...`, `policy: - Allow ...`. */
export const differenceText = ({ path, before, after }: Difference): string => {
  if (before === undefined) return `${path}: + ${after ?? 'none'}`;
  return after === undefined ? `${path}: - ${before}` : `${path}: ${before} → ${after}`;
};
