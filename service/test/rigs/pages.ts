/** The pages over the pipeline of the tests, for people who are signed in without a sign-in page. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import pino from 'pino';
import { packNames } from '../../../contracts/packs/index.ts';
import { type Role, roleNames } from '../../../contracts/scopes.ts';
import { openAccess } from '../../src/accounts/access.ts';
import { noAccessOutbox } from '../../src/accounts/outbox.ts';
import type { Audit } from '../../src/audit/port.ts';
import { createCookieJar } from '../../src/auth/cookies.ts';
import { createVisitorForms } from '../../src/auth/forms.ts';
import { createWebSessions } from '../../src/auth/web-sessions.ts';
import { parseConfig } from '../../src/config.ts';
import { CountersignError } from '../../src/errors.ts';
import { addErrorHandler } from '../../src/http/errors.ts';
import { addOrigins } from '../../src/http/origin.ts';
import { createPageSessions } from '../../src/http/page-sessions.ts';
import { composePages, type PagesOfPack } from '../../src/http/pages/composition.ts';
import { createDrafts } from '../../src/http/pages/drafts.ts';
import { errorPageFor } from '../../src/http/pages/error.ts';
import { registerPages } from '../../src/http/pages/index.ts';
import { createWaits } from '../../src/http/pages/waits.ts';
import { jobsOf as portOfJobs } from '../../src/jobs/port.ts';
import type { ToolCall } from '../../src/mcp/call-record.ts';
import { sandboxChannels } from '../../src/notices/addresses.ts';
import { openNotices } from '../../src/notices/open.ts';
import { sandboxOutlet } from '../../src/notices/outlet.ts';
import { openSent } from '../../src/notices/sent.ts';
import { folderObjects } from '../../src/objects/folder.ts';
import { createLinks } from '../../src/objects/links.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { openRig } from './pipeline.ts';

export const browser = { accept: 'text/html' };

/**
 * @param packs the enabled packs
 * @param pageMs milliseconds their pages may take; default as in the service
 * @param objects what download links lead to; default: nothing
 * @param log the audit log that pages read; default: the events of the pipeline
 */
export const openPages = async (
  packs: readonly PagesOfPack[] = [],
  pageMs?: number,
  objects = folderObjects(join(tmpdir(), 'countersign-no-objects')),
  log?: Pick<Audit, 'query' | 'append'>,
) => {
  const rig = openRig();
  const now = () => rig.world.now;
  const jar = createCookieJar('http://localhost:3000');
  const sessions = createWebSessions({ tables: openMemoryTables({ now }), jar, now });
  const audit: Pick<Audit, 'query' | 'append'> = log ?? {
    append: rig.parts.audit.append,
    query: async ({ userId, operationId }) => ({
      items: rig.events
        .filter((event) => userId === undefined || event.userId === userId)
        .filter((event) => operationId === undefined || event.operationId === operationId)
        .map((event, index) => ({
          ...event,
          timestamp: now().toISOString(),
          sequence: index,
          previousHash: '',
          hash: '',
        }))
        .toReversed(),
    }),
  };
  /** What forms of packs called. */
  const calls: ToolCall[] = [];
  const jobTables = openMemoryTables({ now });
  const jobsOf = (owner: string) => portOfJobs(owner, { tables: jobTables, now, wake: () => {} });
  const { desk } = openNotices({
    jobs: jobsOf('core'),
    now,
    tables: rig.tables,
    outlet: sandboxOutlet(rig.tables, now),
    shared: sandboxChannels(['tag:read']),
    usual: 'fewer',
    zone: 'UTC',
    directory: { all: async () => [] },
    packs: packNames,
  });
  const links = createLinks({ key: new Uint8Array(32), publicUrl: '', now });
  const composition = composePages(packs);
  const waits = createWaits({ operations: rig.pipeline, approveWithoutEmail: false, now });
  const app = Fastify();
  addOrigins(app);
  addErrorHandler(app, { page: errorPageFor({ sandbox: true }) });
  await registerPages(app, {
    pages: createPageSessions({
      packs: packNames,
      sessions,
      people: { find: async (personId) => ({ personId, name: personId, email: '', roles: roleNames }) },
      forms: createVisitorForms(Buffer.alloc(32), jar),
      sandbox: true,
      waits,
      composition,
    }),
    operations: rig.pipeline,
    audit,
    dispatch: async (call) => {
      calls.push(call);
      if (call.name === 'stop_scan') throw new CountersignError('conflict', 'It has ended already.');
      return { structured: { request_id: 'op_1' }, beliefs: [] };
    },
    access: openAccess({
      ...{ tables: rig.tables, audit: rig.parts.audit, config: parseConfig({}), log: rig.parts.log, now },
      listed: async () => undefined,
      outbox: noAccessOutbox,
    }),
    composition,
    ...(pageMs !== undefined && { pageMs }),
    people: { find: async () => undefined },
    mcpUrl: 'http://localhost:3000/mcp',
    version: '0.1.0',
    tools: 11,
    freshSeconds: 900,
    approveOnPageOnly: false,
    approveWithoutEmail: false,
    waits,
    drafts: createDrafts(openMemoryEphemeral({ now })),
    jobs: { audit: rig.parts.audit, jobsOf, packs: packNames },
    notices: { desk, sent: openSent(rig.tables, rig.pipeline.sight) },
    downloads: { audit: rig.parts.audit, links, objects, packs: packNames },
    log: pino({ level: 'silent' }),
    now,
  });
  /** Signs somebody in, `ago` seconds before now, and returns what their browser would then do. */
  const browse = async (personId: string, roles: Role[], ago = 0) => {
    const person = { personId, name: personId, email: `${personId}@example.com`, roles };
    const set = await sessions.begin({ person, authenticatedAt: now().getTime() / 1000 - ago }, undefined);
    const headers = { ...browser, cookie: set.split(';', 1)[0] ?? '' };
    const csrf = (await sessions.find(headers.cookie))?.csrfToken ?? '';
    return {
      get: (url: string) => app.inject({ url, headers }),
      /** @param lists fields that are sent several times */
      post: (url: string, fields: Record<string, string>, lists: Record<string, string | readonly string[]> = {}) =>
        app.inject({
          method: 'POST',
          url,
          headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
          payload: new URLSearchParams([
            ...Object.entries({ csrf, ...fields }),
            ...Object.entries(lists).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
          ]).toString(),
        }),
    };
  };
  return { app, rig, browse, calls, links, jobsOf, jobTables, now };
};
