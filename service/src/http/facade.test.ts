import Fastify from 'fastify';
import { pino } from 'pino';
import { auditKeys } from '../../test/rigs/audit-keys.ts';
import { ana, openRig } from '../../test/rigs/pipeline.ts';
import { openNewDatabase } from '../../test/servers/new-database.ts';
import { eventFrom } from '../audit/event.ts';
import { openImportedAudit } from '../audit/imported.ts';
import { openAuditLog } from '../audit/log.ts';
import type { TableEngine } from '../ports/tables.ts';
import type { Bearer } from './bearer.ts';
import { addErrorHandler } from './errors.ts';
import { type FacadeParts, registerFacade } from './facade.ts';
import { addOrigins } from './origin.ts';
import { addRequestIds, requestId } from './request-ids.ts';

describe('the REST facade', () => {
  let tables: TableEngine;
  const app = Fastify({ genReqId: requestId });
  beforeAll(async () => {
    tables = await openNewDatabase();
    const now = () => new Date();
    const audit = openAuditLog({ tables, now, retentionDays: 30, keys: auditKeys });
    const bearer: Partial<Bearer> = {
      authenticate: async () => {},
      lacks: async () => false,
      callerOf: () => ana,
    };
    const dispatch: FacadeParts['dispatch'] = async ({ origin }) => {
      await audit.append(eventFrom(origin, { userId: 'ana', tool: 'sign-in', action: 'read', result: 'success' }));
      return { structured: {}, beliefs: [] };
    };
    addRequestIds(app);
    addOrigins(app);
    addErrorHandler(app);
    registerFacade(app, {
      bearer: bearer as Bearer,
      catalogue: { entries: new Map(), list: [] },
      dispatch,
      needed: async () => [],
      audit,
      imported: openImportedAudit(tables, now),
      now,
      pipeline: openRig().pipeline,
      publicUrl: 'http://localhost:3000',
      log: pino({ level: 'silent' }),
    });
    await app.ready();
    await audit.append({ userId: 'ana', correlationId: 'c-1', tool: 'sign-in', action: 'read', result: 'success' });
  });
  afterAll(async () => {
    await app.close();
    await tables.close();
  });
  const get = (query: string) => app.inject({ url: `/mcp/audit-logs${query}` });
  const cursorOf = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');

  it('answers one’s own records', async () => {
    for (const query of ['', '?limit=5&resources=0', '?person=ana&from=2000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z']) {
      const response = await get(query);
      expect(response.statusCode).toBe(200);
      expect(response.json().records).toHaveLength(1);
    }
  });

  it.each([
    ['user_id=ben', 'user_id: is not a parameter; there are person'],
    ['Person=ben', 'Person: is not a parameter'],
    ['person=', 'person'],
    ['limit=5&limit=6', 'limit: is given more than once'],
    ['person=ana&person=ben', 'person: is given more than once'],
    ['limit=', 'limit: must be a whole number'],
    ['limit=1e2', 'limit: must be a whole number'],
    ['limit=0x10', 'limit: must be a whole number'],
    ['limit=201', 'limit'],
    ['limit=99999999999999999999', 'limit'],
    ['resources=-1', 'resources'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from: must not be after to'],
    ['from=0000-01-01T00:00:00Z', 'from: must be from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z'],
    ['to=0000-12-31T23:59:59Z', 'to: must be from 0001-01-01T00:00:00Z'],
    ['from=%2B275760-09-13T00:00:00Z', 'from: must be ISO 8601'],
    ['from=-000001-01-01T00:00:00Z', 'from'],
    ['from=yesterday', 'from'],
    ['cursor=x', 'cursor'],
    [`cursor=${'x'.repeat(2001)}`, 'cursor'],
    [`cursor=${cursorOf('forged', '2026-01-01T00:00:00.000Z')}`, 'cursor'],
  ])('refuses %s by name', async (query, message) => {
    const response = await get(`?${query}`);
    expect(response.json().error).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(message) });
    expect(response.statusCode).toBe(400);
  });

  it.each([
    'correlation_id=%00',
    'operation_id=a%00b',
    `correlation_id=${'%F0%9F%92%A9'.repeat(60)}`,
    'correlation_id=c-1%00',
  ])('finds nothing under %s, which is no outage', async (query) => {
    const response = await get(`?${query}`);
    expect(response.statusCode).toBe(200);
    expect(response.json().records).toEqual([]);
  });

  it('refuses parameters where there are none, rather than to do without what they ask for', async () => {
    const payload = { tool: 't', params: {} };
    for (const [method, url] of [
      ['POST', '/mcp/execute-tool?dry_run=true'],
      ['POST', '/mcp/confirm-operation?action=deny'],
      ['GET', '/mcp/tools/list?pack=tagging'],
    ] as const) {
      const response = await app.inject({ method, url, ...(method === 'POST' && { payload }) });
      expect(response.statusCode).toBe(400);
      expect(response.json().error.message).toContain('is not a parameter; there are none here');
    }
  });

  it('keeps the records of two calls apart whose callers call them the same', async () => {
    const call = () =>
      app.inject({
        method: 'POST',
        url: '/mcp/execute-tool',
        payload: { tool: 't' },
        headers: { 'x-request-id': 'the-same-for-both' },
      });
    const [one, other] = [await call(), await call()].map((response) => response.json().correlation_id);
    expect(one).not.toBe(other);
    expect((await get('?correlation_id=the-same-for-both')).json().records).toEqual([]);
    expect((await get(`?correlation_id=${one}`)).json().records).toEqual([
      expect.objectContaining({ correlationId: one, callerRequestId: 'the-same-for-both' }),
    ]);
  });
});
