/** Routes of people and of those who send webhooks: sign-in, consent, pages of the service and of its packs. */
import type { FastifyInstance } from 'fastify';
import { addAddressLimits } from '../http/address-limit.ts';
import { addAuth } from '../http/auth.ts';
import { createPageSessions } from '../http/page-sessions.ts';
import { composePages, type PagesOfPack } from '../http/pages/composition.ts';
import { createDrafts } from '../http/pages/drafts.ts';
import { registerPages } from '../http/pages/index.ts';
import { createWaits } from '../http/pages/waits.ts';
import { registerWebhooks } from '../http/webhooks/index.ts';
import { createOnce } from '../http/webhooks/once.ts';
import type { OpenedPack } from '../packs/merge.ts';
import { routesServedBy } from '../packs/routes.ts';
import { version } from '../version.ts';
import type { Foundation } from './foundation.ts';
import type { Storeys } from './storeys.ts';

/** Seconds a person's sign-in counts as fresh enough to approve on the page. */
const FRESH_SECONDS = 900;

const pagesOf = ({ contract: { title, description }, pack: { pages = [], styles } }: OpenedPack): PagesOfPack => ({
  title,
  description,
  pages,
  ...(styles !== undefined && { styles }),
});

export const addRoutesOfPeople = async (
  scope: FastifyInstance,
  { config, state, metrics, log, now }: Foundation,
  storeys: Storeys,
): Promise<void> => {
  const { tables, ephemeral } = state;
  const { auth, access, audit, pipeline, dispatch, packs, connected, jobs, catalogue, notices, objects, links, sns } =
    storeys;
  const { webhooks } = packs;
  const composition = composePages(packs.each.map(pagesOf), { access: access.upstreams.needed });
  const approveWithoutEmail = config.APPROVE_WITHOUT_EMAIL;
  const waits = createWaits({ operations: pipeline, approveWithoutEmail, now });
  const pages = createPageSessions({
    ...auth,
    waits,
    packs: config.TOOL_PACKS,
    sandbox: config.DEMO_PEOPLE,
    timeZone: config.TIME_ZONE,
    composition,
  });
  addAddressLimits(scope, { ephemeral, config, packRoutes: routesServedBy({ pages: composition.pages, webhooks }) });
  const begin = createOnce({ tables, now });
  await registerWebhooks(scope, { webhooks, config: { ...config }, sns, begin, metrics, log, now });
  await addAuth(scope, { auth, pages, config, audit, metrics, now, ephemeral });
  await registerPages(scope, {
    ...{ pages, access, audit, dispatch, composition, version, log, now },
    operations: pipeline,
    clients: auth.clients,
    people: auth.people,
    accounts: connected,
    ...(auth.apps && { apps: auth.apps }),
    mcpUrl: config.RESOURCE,
    tools: catalogue.list.length,
    freshSeconds: FRESH_SECONDS,
    approveOnPageOnly: config.APPROVE_ON_PAGE_ONLY,
    approveWithoutEmail,
    waits,
    drafts: createDrafts(ephemeral),
    jobs: { audit, jobsOf: jobs.of, packs: config.TOOL_PACKS },
    notices: { desk: notices.desk, ...(notices.sent && { sent: notices.sent(pipeline) }) },
    downloads: { audit, links, objects, packs: config.TOOL_PACKS },
  });
};
