/** What stands at a place of a resource, measured as its limit counts it. */
import { bytesOf } from '../../contracts/limits/held.ts';
import type { Limit } from '../../contracts/limits/limit.ts';
import type { Resolver } from './resolved.ts';
import type { Block, Resource } from './view.ts';

/** Something to hold against a limit. */
export interface Measured {
  readonly value: string | number;
  /** False where a part of a text is known only after an apply. */
  readonly known: boolean;
}

/** Blocks inside a value: lists are looked into, and a text that holds JSON is read. */
const opened = (value: unknown): Block[] => {
  if (Array.isArray(value)) return value.flatMap(opened);
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) return opened(parsed(value));
  return typeof value === 'object' && value !== null ? [value as Block] : [];
};
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A text that merely begins like JSON, such as the pattern of a filter, holds no blocks.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const step = (values: readonly unknown[], part: string, resolver: Resolver): unknown[] => {
  if (part === '*') return values.flatMap(opened).flatMap((block) => Object.values(block));
  if (part === '#') return values.flatMap(opened).flatMap((block) => Object.keys(block));
  if (part.startsWith('->')) return values.flat().map((value) => resolver.follow(value, part.slice(2)));
  return values.flatMap(opened).map((block) => block[part]);
};

const at = (block: Block, path: readonly string[], resolver: Resolver): unknown[] =>
  path
    .reduce<unknown[]>((values, part) => step(values, part, resolver), [block])
    .filter((value) => value !== undefined && value !== null);

const compact = (value: unknown): string => {
  if (typeof value !== 'string') return JSON.stringify(value);
  const read = /^\s*[[{]/.test(value) ? parsed(value) : undefined;
  return read === undefined ? value : JSON.stringify(read);
};

const countOf = (value: unknown): number => {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'string' ? opened(value).length : 1;
};

// docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html: CloudFront's fills 55 places;
// those of S3 and DynamoDB, which stand here as references to their endpoints, fill one each.
const WEIGHT_OF_PREFIX_LIST = 55;
const weightOf = ({ block }: Resource): number =>
  String(block.prefix_list_id ?? '').startsWith('pl-') ? WEIGHT_OF_PREFIX_LIST : 1;

const sizeOf = (value: unknown, unit: 'characters' | 'bytes', resolver: Resolver): number => {
  const text = compact(resolver.all(value));
  return unit === 'bytes' ? bytesOf(text) : [...text].length;
};

/** What a limit counts in one resource. */
export const measuredIn = (limit: Limit, resource: Resource, resolver: Resolver): readonly Measured[] => {
  const { rule } = limit;
  const { block } = resource;
  const sized = (value: number): Measured => ({ value, known: true });
  if (rule.kind === 'items') {
    if (limit.at.length === 0) return [sized(weightOf(resource))];
    if (limit.at.at(-1) !== '*') return at(block, limit.at, resolver).map((value) => sized(countOf(value)));
    const keyed = at(block, limit.at.slice(0, -1), resolver).flatMap(opened);
    return keyed.map((map) => sized(Object.keys(map).length));
  }
  const values = at(block, limit.at, resolver);
  if (rule.kind === 'document') return values.map((value) => sized(sizeOf(value, rule.unit, resolver)));
  const leaves = values.flat().map((value) => resolver.text(value));
  switch (rule.kind) {
    case 'text':
      return leaves.map(({ text, known }) => ({ value: text, known }));
    case 'number':
      return leaves.filter(({ known }) => known).map(({ text }) => sized(Number(text)));
    case 'prefix':
      return leaves.filter(({ text }) => text.includes('/')).map(({ text }) => sized(Number(text.split('/')[1])));
  }
};
