/** Which methods a path has, so that the wrong one is told from a path that is not there. */
import type { FastifyInstance } from 'fastify';

export interface KnownPaths {
  /** Methods of a path, in the order of the alphabet; empty where there is nothing. @param url with or without a query */
  methodsOf(url: string): string[];
}

/** The pattern of a route as an expression: a parameter is one segment, a star the rest. A slash at the end is nothing. */
const expressionOf = (pattern: string): RegExp => {
  const segments = pattern.replace(/(.)\/$/, '$1').split('/');
  const written = segments.map((segment) => {
    if (segment.startsWith(':')) return '[^/]+';
    return segment.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace('*', '.*');
  });
  return new RegExp(`^${written.join('/')}/?$`);
};

/** Register before every route, because it learns them as they are registered. */
export const knowPaths = (app: FastifyInstance): KnownPaths => {
  const methods = new Map<string, { readonly is: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? { is: expressionOf(url), methods: new Set<string>() };
    for (const name of [method].flat()) known.methods.add(name);
    methods.set(url, known);
  });
  return {
    methodsOf: (url) => {
      const path = url.split('?', 1)[0] ?? '';
      return [
        ...new Set([...methods.values()].flatMap(({ is, methods: has }) => (is.test(path) ? [...has] : []))),
      ].sort();
    },
  };
};
