/** PostgreSQL is killed in the middle: nothing is done without it, nothing is lost, and nobody is told otherwise. */

import type { Operation } from '../../src/operations/operation.ts';
import type { OpenPack } from '../../src/packs/pack.ts';
import { openTagging } from '../../src/packs/tagging/open.ts';
import { Browser, textOn } from '../rigs/browser.ts';
import { Person } from '../rigs/person.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { Scene, untagged } from './scene.ts';
import { verifyAudit } from './verify-audit.ts';
import { at, type Caller, send, toolErrorOf } from './wire.ts';

/** Where in the life of a change the store goes away. */
const moments = ['before it is being applied', 'in the middle of writing', 'after the last write'] as const;
type Moment = (typeof moments)[number];

await describeWith(['initdb', 'postgres'], 'While PostgreSQL is away', () => {
  let postgres: TestServer;
  let scene: Scene;
  let ana: Caller;
  let ben: Caller;
  let moment: Moment | undefined;
  const environment = () => ({
    STORE: 'postgres',
    DATABASE_URL: postgres.url,
    ENCRYPTION_KEY: 'a key for this test, as long as it has to be',
  });

  /** The pack as it is, but for the store that goes away at a moment of bulk_tag_resources. */
  const failing: OpenPack = async (services) => {
    const pack = await openTagging(services);
    const tools = pack.tools.map((tool) => {
      if (tool.kind !== 'change') return tool;
      const apply: typeof tool.apply = async (changes, context) => {
        if (moment === undefined) return tool.apply(changes, context);
        const most = moment === 'in the middle of writing' ? 2 : changes.length;
        const done = await tool.apply(changes.slice(0, most), context);
        await postgres.halt();
        return [...done, ...(most < changes.length ? await tool.apply(changes.slice(most), context) : [])];
      };
      // Asked twice for an approval: by its checks, and again before it is applied.
      let asked = 0;
      const policyVersion = async () => {
        if (moment === 'before it is being applied' && ++asked === 2) await postgres.halt();
        return tool.policyVersion();
      };
      return { ...tool, apply, policyVersion };
    });
    return { ...pack, tools };
  };

  beforeAll(async () => {
    postgres = await startPostgres();
    scene = await Scene.open(environment(), failing);
    [ana, ben] = [await scene.caller('ana'), await scene.caller('ben')];
  });
  afterEach(() => postgres.resume());
  afterAll(async () => {
    await scene?.watched.service.stop();
    await postgres?.stop();
  });

  const get = (path: string, headers = {}) => send(scene.watched.service.url, path, { method: 'GET', headers });
  /** A task remembers a verified token for some seconds. */
  const remember = () => Promise.all([ana, ben].map((caller) => caller.rest('GET', '/mcp/tools/list')));
  /** Probes are answered from memory for a second. */
  const later = () => scene.advance(2);

  it('is not ready, and says why', async () => {
    expect((await get('/ready')).status).toBe(200);
    await postgres.halt();
    later();
    const ready = await get('/ready');
    expect([ready.status, ready.json]).toEqual([503, { ready: false, reasons: ['store tables is down'] }]);
    const health = await get('/health');
    expect(health.status).toBe(200);
    expect(health.json).toMatchObject({ status: 'unhealthy', stores: { tables: 'down', ephemeral: 'ok' } });
    await postgres.resume();
    later();
    expect((await get('/ready')).json).toEqual({ ready: true, reasons: [] });
  });

  it('answers 503 to whoever reads, with the reason and no detail', async () => {
    const person = new Person('vera');
    await person.open(`${scene.watched.service.url}/approvals`);
    await remember();
    await postgres.halt();
    const unavailable = { code: 'store_unavailable', message: 'The store does not answer. Try again in a moment.' };
    for (const read of [
      () => ana.execute('get_tagging_policy'),
      () => ana.execute('check_tag_compliance'),
      () => ana.rest('GET', '/mcp/audit-logs'),
    ]) {
      const answer = await read();
      expect(answer.status).toBe(503);
      expect(at(answer.json, 'error')).toMatchObject(unavailable);
    }
    // The token is still known from a moment ago: the call is taken, and refused in its result.
    const known = await ana.tool('get_tagging_policy');
    expect([known.status, known.headers['retry-after']]).toEqual([503, '5']);
    expect(toolErrorOf(known)).toMatchObject(unavailable);
    // Whether it was revoked meanwhile cannot be told: nobody is let in, and nobody told that their token is bad.
    scene.advance(6);
    const unknown = await ana.tool('get_tagging_policy');
    expect([unknown.status, at(unknown.json, 'error', 'code')]).toEqual([503, 'store_unavailable']);
    const page = await person.browser.request(`${scene.watched.service.url}/approvals`);
    expect([page.status, textOn(page)]).toEqual([
      503,
      expect.stringContaining('The service cannot reach its database'),
    ]);
    for (const text of [unknown.text, page.body])
      expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1:\d|select |stack/);
  });

  it('changes nothing, whoever asks', async () => {
    const waiting = await scene.ask();
    await remember();
    await postgres.halt();
    const { operationId } = waiting;
    const args = { resource_arns: [untagged[30]], tags: { Owner: 'nobody@example.com' } };
    expect(toolErrorOf(await ana.tool('bulk_tag_resources', args))?.code).toBe('store_unavailable');
    const decision = { request_id: operationId, action: 'approve' };
    expect(toolErrorOf(await ben.tool('approve_bulk_tagging_request', decision))?.code).toBe('store_unavailable');
    const rest = await ben.rest('POST', '/mcp/confirm-operation', { operation_id: operationId, action: 'approve' });
    expect([rest.status, at(rest.json, 'error', 'code')]).toEqual([503, 'store_unavailable']);
    const register = await fetch(`${scene.watched.service.url}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://127.0.0.1/x'] }),
    });
    expect([register.status, await register.json()]).toEqual([
      503,
      {
        error: 'temporarily_unavailable',
        error_description: 'The service cannot reach its records. Try again.',
      },
    ]);
    const signIn = await new Browser().open(`${scene.watched.service.url}/sign-in`);
    expect(signIn.status).toBe(200);
    await postgres.resume();
    expect(await scene.find(operationId)).toEqual(waiting);
    await scene.approve('rest', 'ben', waiting);
    expect((await scene.find(operationId)).status).toBe('applied');
  });

  it.each(moments)('and went %s: the change is applied once when it is back', async (when) => {
    const arns = untagged.slice(40 + 5 * moments.indexOf(when)).slice(0, 4);
    const operation = await scene.ask('ana', arns);
    moment = when;
    const outcome = await scene.approve('rest', 'ben', operation);
    moment = undefined;
    expect([outcome.status, outcome.code]).toEqual([503, 'store_unavailable']);

    await postgres.resume();
    const left = await scene.find(operation.operationId);
    expect(left.status).toBe(when === 'before it is being applied' ? 'approved' : 'applying');
    // Somebody asks again: the answer given before counts, and only once.
    const again = await scene.approve('rest', 'ada', operation);
    expect([again.status, again.code]).toEqual([409, 'already_decided']);

    scene.advance(400);
    await scene.watched.service.running.pipeline.resume(false);
    const done = await scene.find(operation.operationId);
    expect(done.status).toBe('applied');
    expect(done.result).toMatchObject({ applied: 4, failed: 0, skipped: 0 });
    const owner = at(operation.arguments, 'tags', 'Owner');
    for (const arn of arns) expect(await scene.tagsOf(arn)).toMatchObject({ Owner: owner });
    await expectUntouchedSince(done);
  });

  /** What is applied stays as it is, however often it is looked after. */
  const expectUntouchedSince = async (done: Operation) => {
    scene.advance(400);
    await scene.watched.service.running.pipeline.resume(false);
    expect(await scene.find(done.operationId)).toEqual(done);
    const writes = await scene.writes(done.operationId);
    expect(writes.filter((result) => result === 'success')).toHaveLength(1);
  };

  it('leaves an audit log that is whole', async () => {
    expect(await verifyAudit(environment())).toMatch(/are whole/);
  });
});
