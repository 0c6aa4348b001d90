/**
 * Text that no store can keep and no reader show: half of a surrogate pair, which UTF-8 cannot encode, and NUL, which
 * PostgreSQL refuses. It is refused at the door, by the name of its field, whatever the route does with it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { CountersignError } from '../errors.ts';

const problemOf = (text: string): string | undefined => {
  if (!text.isWellFormed()) return 'holds half of a surrogate pair, which is no character; remove it';
  return text.includes('\u0000') ? 'holds the character NUL; remove it' : undefined;
};

interface BadText {
  readonly field: string;
  readonly problem: string;
}

/** The first text of a value that is not well-formed, keys included. Bodies are no deeper than json-body.ts allows. */
export const badText = (value: unknown, field = ''): BadText | undefined => {
  if (typeof value === 'string') {
    const problem = problemOf(value);
    return problem === undefined ? undefined : { field, problem };
  }
  // Bytes are nobody's text yet.
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const problem = problemOf(key);
    // Not the name itself, which could not be written either.
    if (problem !== undefined) return { field: field === '' ? '(a name)' : `${field} (a name in it)`, problem };
    const found = badText(inner, field === '' ? key : `${field}.${key}`);
    if (found) return found;
  }
  return undefined;
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

/** Read from the address, because what parsed the query has put something else in place of what it could not read. */
const badQuery = (url: string): BadText | undefined => {
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  for (const pair of query.split('&')) {
    const [rawName = '', ...rest] = pair.split('=');
    const [name, value] = [decoded(rawName), decoded(rest.join('='))];
    const field = name === undefined || problemOf(name) ? '(a name in the query)' : name;
    if (name === undefined || value === undefined)
      return { field, problem: 'is not UTF-8 in percent signs; encode it anew' };
    const problem = problemOf(name) ?? problemOf(value);
    if (problem !== undefined) return { field, problem };
  }
  return undefined;
};

const check = (request: FastifyRequest): void => {
  // What a company's provider answers is not for its person to mend.
  const inQuery = request.routeOptions.url === routes.signInCallback.path ? undefined : badQuery(request.url);
  const bad = inQuery ?? badText(request.params) ?? badText(request.body);
  if (bad)
    throw new CountersignError('invalid_input', `${bad.field}: ${bad.problem}`, {
      details: { fields: [{ field: bad.field, problem: bad.problem }] },
    });
};

/** Register after whatever reads bodies. Throws invalid_input. */
export const addTextCheck = (scope: FastifyInstance): void => {
  scope.addHook('preValidation', async (request) => check(request));
};
