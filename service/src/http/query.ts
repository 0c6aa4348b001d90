/**
 * Parameters in the URL of the REST facade. A name that is not known is refused as it is in a body: a filter that was
 * not understood would answer more than was asked for, and a switch would do what it was to prevent.
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CountersignError } from '../errors.ts';

type Field = { readonly field: string; readonly problem: string };

const list = (names: readonly string[]): string =>
  names.length === 0 ? 'there are none here' : `there are ${names.join(', ')}`;

const problemsOf = (schema: z.ZodObject, given: Readonly<Record<string, unknown>>): Field[] => {
  const known = Object.keys(schema.shape);
  return Object.entries(given).flatMap(([field, value]) => {
    if (!Object.hasOwn(schema.shape, field)) return [{ field, problem: `is not a parameter; ${list(known)}` }];
    return Array.isArray(value) ? [{ field, problem: 'is given more than once' }] : [];
  });
};

const refuse = (fields: readonly Field[]): CountersignError =>
  new CountersignError('invalid_input', fields.map(({ field, problem }) => `${field}: ${problem}`).join('; '), {
    details: { fields },
  });

/** A whole number as it stands in a URL. */
export const inQuery = (number: z.ZodType<number, number>) =>
  z
    .string()
    .regex(/^-?\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(number);

/** @throws invalid_input naming each parameter that is unknown, given twice or wrong */
export const parseQuery = <S extends z.ZodObject>(schema: S, { query }: Pick<FastifyRequest, 'query'>): z.output<S> => {
  const given = { ...Object(query) } as Record<string, unknown>;
  const problems = problemsOf(schema, given).slice(0, 20);
  if (problems.length > 0) throw refuse(problems);
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw refuse(
    result.error.issues.slice(0, 20).map(({ path, message }) => ({ field: path.join('.'), problem: message })),
  );
};
