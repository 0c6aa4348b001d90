/** How one environment variable is described: its schema, meaning, unit, bounds and default. */
import { z } from 'zod';

export interface VariableContract<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** Meaning and unit, one or two sentences. */
  readonly description: string;
  /** Injected from Secrets Manager, never written in a task definition, a log or a file. */
  readonly secret: boolean;
  /** What an operator would write, for error messages and the reference. */
  readonly example: string;
}

interface About {
  readonly description: string;
  readonly example?: string;
}

export const variable = <S extends z.ZodType>(schema: S, about: About, secret = false): VariableContract<S> => ({
  schema,
  description: about.description,
  example: about.example ?? '',
  secret,
});

export const text = (about: About) => variable(z.string().min(1).optional(), about);
export const secret = (about: About & { minLength?: number; pattern?: RegExp; patternError?: string }) =>
  variable(
    z
      .string()
      .min(about.minLength ?? 1, `must be at least ${about.minLength ?? 1} characters`)
      .regex(about.pattern ?? /^/, about.patternError)
      .optional(),
    about,
    true,
  );
export const url = (about: About) =>
  variable(z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(), about);
export const integer = (about: About & { default: number; min: number; max: number }) =>
  variable(
    z.coerce
      .number({ error: `must be a whole number from ${about.min} to ${about.max}` })
      .int(`must be a whole number from ${about.min} to ${about.max}`)
      .min(about.min, `must be at least ${about.min}`)
      .max(about.max, `must be at most ${about.max}`)
      .default(about.default),
    { ...about, example: about.example ?? String(about.default) },
  );
export const choice = <const C extends readonly [string, ...string[]]>(
  about: About & { values: C; default: NoInfer<C[number]> },
) =>
  variable(
    z.enum(about.values, { error: `must be one of ${about.values.join(', ')}` }).default(about.default as never),
    { ...about, example: about.values.join(' | ') },
  );
export const flag = (about: About & { default: boolean }) =>
  variable(
    z
      .enum(['true', 'false'], { error: 'must be true or false' })
      .default(about.default ? 'true' : 'false')
      .transform((value) => value === 'true'),
    { ...about, example: 'true | false' },
  );
export const list = (about: About & { item?: RegExp; itemError?: string; default?: readonly string[] }) =>
  variable(
    z
      .string()
      .default((about.default ?? []).join(','))
      .transform((value) =>
        value
          .split(',')
          .map((item) => item.trim())
          .filter((item) => item !== ''),
      )
      .pipe(z.array(about.item ? z.string().regex(about.item, about.itemError) : z.string())),
    about,
  );

/** JSON text of what `schema` describes. */
export const json = <S extends z.ZodType>(schema: S, error: string) =>
  z
    .string()
    .transform((value, ctx) => {
      try {
        return JSON.parse(value) as unknown;
      } catch {
        ctx.addIssue({ code: 'custom', message: error });
        return z.NEVER;
      }
    })
    .pipe(schema);
