import type { FastifyInstance } from 'fastify';
import { routes } from '../../../../contracts/routes.ts';
import { homePage } from '../../web/index.ts';
import type { PageParts } from './parts.ts';
import { sendPage } from './visitor.ts';

/** The front door, for everybody. */
export const addHome = (scope: FastifyInstance, parts: PageParts): void => {
  scope.get(routes.home.path, async (request, reply) => {
    const { mcpUrl, version, tools, approveOnPageOnly, composition } = parts;
    const frame = await parts.pages.frame(request, reply);
    const cards = composition.cards(parts.pages.scopesOf(frame.person));
    const { packs } = composition;
    return sendPage(reply, homePage({ ...frame, packs, cards, mcpUrl, version, tools, approveOnPageOnly }));
  });
};
