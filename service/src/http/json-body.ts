/** How bodies of JSON are read: no deeper than anything here is, and without keys that reach into prototypes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CountersignError } from '../errors.ts';

/** The deepest argument of any tool has a fraction of it; what recurses over a body is safe far beyond it. */
const mostLevels = 64;

const quote = 0x22;
const backslash = 0x5c;

/** Whether brackets outside of strings are open more than `mostLevels` deep. Of text that is not JSON it says anything. */
const isTooDeep = (text: string): boolean => {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === backslash) at++;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    // [ and ] differ from { and } by one bit.
    else if ((code | 0x20) === 0x7b) depth++;
    else if ((code | 0x20) === 0x7d) depth--;
    if (depth > mostLevels) return true;
  }
  return false;
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** The value of a body of JSON. @throws invalid_input, or what the framework says of text that is no JSON */
export const readJson = (scope: FastifyInstance, request: FastifyRequest, body: string): Promise<unknown> => {
  if (isTooDeep(body))
    return Promise.reject(
      new CountersignError('invalid_input', `The request body is nested more than ${mostLevels} levels deep.`),
    );
  return new Promise((resolve, reject) => {
    scope.getDefaultJsonParser('error', 'error')(request, body, (error, value) => {
      if (!error) return resolve(value);
      return reject(
        isJson(body)
          ? new CountersignError(
              'invalid_input',
              'The request body has a key __proto__ or constructor.prototype, which nothing here is called. Remove it.',
            )
          : error,
      );
    });
  });
};

/** Takes the place of the framework's own parser, for all routes of the scope. */
export const addJsonBody = (scope: FastifyInstance): void => {
  scope.removeContentTypeParser('application/json');
  const parse = (request: FastifyRequest, body: string) => readJson(scope, request, body);
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, parse);
};
