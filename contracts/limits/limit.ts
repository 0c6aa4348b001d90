/**
 * What AWS takes: how long a name may be and of which characters, how many items a list may have, how large a document
 * may be. An emulator lets most of it pass; AWS refuses it in the middle of an apply.
 */
import { packs } from '../packs/index.ts';
import type { PackContract } from '../packs/pack.ts';

export interface Range {
  readonly min?: number;
  readonly max?: number;
}

export interface TextRule extends Range {
  /** What `min` and `max` count. Default: characters. */
  readonly unit?: 'bytes';
  readonly pattern?: RegExp;
  /** What the pattern takes, completing "must be ...". */
  readonly be?: string;
}

/** How a value is held against the limit. */
export type Rule =
  /** Checks each text found at the place. */
  | { readonly kind: 'text'; readonly text: TextRule }
  /** Bounds the number of items found at the place. */
  | { readonly kind: 'items'; readonly items: Range }
  /** A number. */
  | { readonly kind: 'number'; readonly number: Range }
  /** Length of the prefix of a CIDR block. */
  | { readonly kind: 'prefix'; readonly prefix: Range }
  /** Characters or bytes of a document without the white space between its parts. */
  | { readonly kind: 'document'; readonly max: number; readonly unit: 'characters' | 'bytes' };

export interface Limit {
  /** Resource type, as Terraform calls it. */
  readonly type: string;
  /**
   * Attributes, outermost first. Lists are looked into, a text that holds JSON is read, `*` stands for the value of every
   * key, `#` for the keys, and `->` before an attribute follows a reference to the resource that has it. Empty for the
   * resource itself.
   */
  readonly at: readonly string[];
  /** Attribute by which resources of the type are counted, or their documents added up, together. */
  readonly per?: string;
  /** Completes "AWS takes at most 32 characters for ...". */
  readonly what: string;
  readonly rule: Rule;
  /** Settings the value may come from besides the start of every name, the most specific one first. */
  readonly settings: readonly string[];
  /** What to do where changing the setting is not all. */
  readonly remedy?: string;
  /** Page of AWS that says so. */
  readonly source: string;
}

type Unsourced = Omit<Limit, 'source'>;

/** `aws_lb.name`, or `aws_iam_role_policy.policy per role`. */
const placed = (place: string): Pick<Limit, 'type' | 'at' | 'per'> => {
  const [path = '', per] = place.split(' per ');
  const [type = '', ...at] = path.split('.');
  return { type, at, ...(per !== undefined && { per }) };
};

export const text = (place: string, what: string, rule: TextRule, ...settings: string[]): Unsourced => ({
  ...placed(place),
  what,
  rule: { kind: 'text', text: rule },
  settings,
});
export const items = (place: string, what: string, range: Range, ...settings: string[]): Unsourced => ({
  ...placed(place),
  what,
  rule: { kind: 'items', items: range },
  settings,
});
export const number = (place: string, what: string, range: Range, ...settings: string[]): Unsourced => ({
  ...placed(place),
  what,
  rule: { kind: 'number', number: range },
  settings,
});
export const prefix = (place: string, what: string, range: Range, ...settings: string[]): Unsourced => ({
  ...placed(place),
  what,
  rule: { kind: 'prefix', prefix: range },
  settings,
});
const documentOf =
  (unit: 'characters' | 'bytes') =>
  (place: string, what: string, max: number, ...settings: string[]): Unsourced => ({
    ...placed(place),
    what,
    rule: { kind: 'document', max, unit },
    settings,
  });
export const characters = documentOf('characters');
export const bytes = documentOf('bytes');

/** Says what to do besides changing the setting. */
export const advised = (remedy: string, limit: Unsourced): Unsourced => ({ ...limit, remedy });

/** Limits that one page states. @param page below docs.aws.amazon.com */
export const cited = (page: string, ...limits: Unsourced[]): readonly Limit[] =>
  limits.map((limit) => ({ ...limit, source: `https://docs.aws.amazon.com/${page}` }));

// Character sets that several services share.
export const hyphenated = { pattern: /^[a-zA-Z0-9-]*$/, be: 'letters, digits and hyphens' };
export const worded = { pattern: /^[a-zA-Z0-9_-]*$/, be: 'letters, digits, _ and -' };
export const dotted = { pattern: /^[a-zA-Z0-9_.-]*$/, be: 'letters, digits and _ . -' };
export const ascii = { pattern: /^[\x20-\x7e]*$/, be: 'ASCII characters' };

const ofPacks = (of: (pack: PackContract) => readonly (string | undefined)[]): readonly string[] => [
  ...new Set(Object.values<PackContract>(packs).flatMap((pack) => of(pack).filter((name) => name !== undefined))),
];
/** Settings of packs with the accounts whose roles they assume. */
export const assumedAccountSettings = ofPacks(({ assumes }) => [assumes?.accounts]);
/** Settings of packs with the regions that their writes are held to. */
export const writtenRegionSettings = ofPacks(({ writesIn }) => [writesIn]);

/** Settings that end in variables of the service, all of which have to fit together. */
export const variables = ['container_env', 'role_map', ...assumedAccountSettings, 'cors_origins', 'container_secrets'];
