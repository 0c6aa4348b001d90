/** How one setting of a tfvars file is described: its schema, meaning, unit, bounds, default and example. */
import { z } from 'zod';
import { canonical, isCanonical } from '../cidr.ts';

/** A value that a tfvars file can hold. */
export type SettingValue = string | number | boolean | SettingValue[] | { [key: string]: SettingValue };

export interface SettingContract<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** Meaning, and what a default that depends on other settings is. One or two sentences. */
  readonly description: string;
  /** The unit of a number; empty for anything else. */
  readonly unit: string;
  /** What an operator would write, as HCL. */
  readonly example: string;
  /** May differ between the regions of one environment, through `region_settings`. */
  readonly regional: boolean;
}

interface About {
  readonly description: string;
  readonly unit?: string;
  readonly example?: string;
  readonly regional?: boolean;
}

const hcl = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

/** The message for a value of another type; what is wrong inside it says so itself. */
export const ofType = (be: string) => (issue: { readonly code?: string }) =>
  issue.code === 'invalid_type' ? `must be ${be}` : undefined;

export const setting = <S extends z.ZodType>(schema: S, about: About, fallback?: unknown): SettingContract<S> => ({
  schema,
  description: about.description,
  unit: about.unit ?? '',
  example: about.example ?? hcl(fallback),
  regional: about.regional ?? false,
});

interface TextAbout extends About {
  readonly pattern?: RegExp;
  /** What the text must be, completing "must be ...". */
  readonly be?: string;
}

const textSchema = ({ pattern = /\S/, be = 'a text that is not empty' }: TextAbout) =>
  z.string({ error: `must be ${be}` }).regex(pattern, { error: `must be ${be}` });

/** A text that must be given. */
export const text = (about: TextAbout) => setting(textSchema(about), about);
/** A text that may be left out. */
export const optionalText = (about: TextAbout) => setting(textSchema(about).optional(), about);
/** A text with a default. */
export const defaultText = (about: TextAbout & { default: string }) =>
  setting(textSchema(about).default(about.default), about, about.default);

interface NumberAbout extends About {
  readonly min: number;
  readonly max: number;
}

const integerSchema = ({ min, max, unit = '' }: NumberAbout) => {
  const error = `must be a whole number from ${min} to ${max}${unit === '' ? '' : ` (${unit})`}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

export const integer = (about: NumberAbout & { default: number }) =>
  setting(integerSchema(about).default(about.default), about, about.default);
export const optionalInteger = (about: NumberAbout) =>
  setting(integerSchema(about).optional(), { example: String(about.min), ...about });
const flagSchema = z.boolean({ error: 'must be true or false, without quotes' });
export const flag = (about: About & { default: boolean }) =>
  setting(flagSchema.default(about.default), about, about.default);
/** A flag whose default depends on other settings; the description says how. */
export const optionalFlag = (about: About) => setting(flagSchema.optional(), { example: 'true', ...about });

const choiceSchema = <const C extends readonly [string, ...string[]]>(values: C) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
/** One of a closed list. */
export const choice = <const C extends readonly [string, ...string[]]>(
  about: About & { values: C; default: NoInfer<C[number]> },
) =>
  setting(choiceSchema(about.values).default(about.default as never), {
    ...about,
    example: about.values.map(hcl).join(' | '),
  });
export const optionalChoice = <const C extends readonly [string, ...string[]]>(about: About & { values: C }) =>
  setting(choiceSchema(about.values).optional(), { ...about, example: about.values.map(hcl).join(' | ') });

interface ListAbout<S extends z.ZodType<SettingValue>> extends About {
  readonly item: S;
  readonly default?: readonly z.output<S>[];
  /** How many items AWS takes. */
  readonly most?: number;
}

/** A list without repetitions; empty unless a default is given. */
export const list = <S extends z.ZodType<SettingValue>>(about: ListAbout<S>) =>
  setting(
    z
      .array(about.item, { error: 'must be a list such as ["a", "b"]' })
      .refine((items) => new Set(items.map((item) => JSON.stringify(item))).size === items.length, {
        error: 'names the same item twice',
      })
      .check(
        ...(about.most === undefined
          ? []
          : [z.maxLength(about.most, { error: `must have at most ${about.most} items: AWS takes no more` })]),
      )
      .default([...(about.default ?? [])] as never),
    about,
    about.default,
  );

/** A map from names to values; empty by default. */
export const map = <K extends z.ZodType<string, string>, S extends z.ZodType<SettingValue>>(
  about: About & { key: K; value: S },
) =>
  setting(
    z.record(about.key, about.value, { error: ofType('a map such as { NAME = "value" }') }).default({} as never),
    about,
  );

// Formats several settings share.
// What is no block at all is told once.
export const cidr = z.cidrv4({ abort: true, error: 'must be an IPv4 CIDR block such as 10.0.1.0/24' });
/** A block that something from outside comes from. AWS refuses one that begins in its middle. */
export const source = cidr.superRefine((block, context) => {
  if (!isCanonical(block))
    context.addIssue({ code: 'custom', message: `must begin at the first address of its block: ${canonical(block)}` });
});
export const hostName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
export const email = z.email({ error: 'must be a mail address' });
export const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https URL' });
export const httpsOrigin = z.string().regex(/^https:\/\/[a-z0-9.-]+(:\d+)?$/, {
  error: 'must be an https origin without a path, such as https://app.example.com',
});
