/** What changes inside a resource, attribute by attribute, with secrets masked. */
import { z } from 'zod';
import { policyDifferences } from './policy-differences.ts';

export const Difference = z.object({
  /** Such as `tags.Owner` or `ingress[0].from_port`. */
  path: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});
export type Difference = z.infer<typeof Difference>;

const SENSITIVE = '(sensitive)';
const UNKNOWN = '(known after apply)';
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

const isBranch = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === 'object' && value !== null;
const isFlatList = (value: unknown): boolean => Array.isArray(value) && value.every((item) => !isBranch(item));

/** Any part below is marked. */
const holdsMark = (tree: Tree): boolean => tree === true || (isBranch(tree) && Object.values(tree).some(holdsMark));

/** One line, cut where it is long. */
export const shorten = (text: string, most = LONGEST): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
};

const show = (value: unknown): string =>
  shorten(typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? 'null'));

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
  return Array.isArray(before) || Array.isArray(after) ? [...keys].map(Number) : [...keys].sort();
};

const leaf = (sides: Sides, path: string): Difference[] => {
  const { before, after, unknown, beforeSensitive, afterSensitive } = sides;
  const masked = holdsMark(beforeSensitive) || holdsMark(afterSensitive) || secretName.test(path);
  const to = unknown === true ? UNKNOWN : isAbsent(after) ? undefined : masked ? SENSITIVE : show(after);
  const from = isAbsent(before) ? undefined : masked ? SENSITIVE : show(before);
  if (from === undefined && to === undefined) return [];
  return [{ path, ...(from !== undefined && { before: from }), ...(to !== undefined && { after: to }) }];
};

const compare = (sides: Sides, path: string): Difference[] => {
  const { before, after, unknown, beforeSensitive, afterSensitive } = sides;
  if (unknown !== true && isSame(before, after) && !holdsMark(unknown)) return [];
  // Sets come in no order of their own, so a changed list of plain values is told whole.
  const whole = unknown === true || beforeSensitive === true || afterSensitive === true || isFlatList(after ?? before);
  if (!whole && (isBranch(before) || isBranch(after)))
    return keysOf(before, after, unknown).flatMap((key) =>
      compare(sideOf(sides, key), typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
    );
  const masked = holdsMark(beforeSensitive) || holdsMark(afterSensitive);
  return (masked ? undefined : policyDifferences(path, before, after)) ?? leaf(sides, path);
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
