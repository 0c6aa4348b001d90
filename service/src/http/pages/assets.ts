import type { FastifyInstance } from 'fastify';
import { type Asset, icon } from '../../web/assets.ts';

const YEAR_SECONDS = 31_536_000;

/** The stylesheet and the mark. With the content's hash in the address they never change, without it they are asked for again. */
export const addAssets = (scope: FastifyInstance, stylesheet: Asset): void => {
  for (const { path, href, type, body } of [stylesheet, icon])
    scope.get(path, (request, reply) =>
      reply
        .header('cache-control', request.url === href ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache')
        .type(type)
        .send(body),
    );
};
