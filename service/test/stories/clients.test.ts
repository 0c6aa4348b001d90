/** The same way for every kind of client people connect, and for both ways to countersign. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { AuditPage, approveByTool, ask, Detail, Requested } from '../rigs/answers.ts';
import { Browser, textOn } from '../rigs/browser.ts';
import { type Agent, FirstAgent, ModernAgent, refusal } from '../rigs/clients.ts';
import { connectRemote } from '../rigs/mcp-remote.ts';
import { OAuthClient } from '../rigs/oauth-client.ts';
import { Person } from '../rigs/person.ts';
import { RestAgent, RestClient } from '../rigs/rest.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';
import { ownerless, walk } from '../rigs/spine.ts';

let service: ServiceRig;
const ben = new Person('ben');
const onPage = (_operationId: string, approvalUrl: string) => ben.answer(approvalUrl, 'approve');
const scopesAsked = (asked: readonly URL[]) =>
  asked.map(({ searchParams }) => (searchParams.get('scope') ?? '').replace(' offline_access', ''));
const readThenWrite = ['tag:read', 'tag:read tag:write'];

beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
  expect(service.faults()).toEqual([]);
});

describe('the story goes the same way', () => {
  it('with the second SDK in the handshake of 2025', async () => {
    const agent = await ModernAgent.connect(service.url, new Person('ana'), { era: 'legacy' });
    expect(agent.client.getNegotiatedProtocolVersion()).toBe('2025-11-25');
    await walk({ agent, countersign: onPage });
    expect(scopesAsked(agent.host.asked)).toEqual(readThenWrite);
    await agent.close();
  });

  it('with the first SDK, which refreshes before it asks for more', async () => {
    const agent = await FirstAgent.connect(service.url, new Person('ana'));
    expect(agent.host.tokens()?.refresh_token).toEqual(expect.any(String));
    await walk({ agent, countersign: onPage });
    expect(scopesAsked(agent.host.asked)).toEqual(readThenWrite);
    await agent.close();
  });

  it('with a host that speaks stdio, through mcp-remote', async () => {
    const agent = await connectRemote(service.url, new Person('ana'));
    try {
      await walk({ agent, countersign: onPage });
      expect(scopesAsked(agent.asked)).toEqual(readThenWrite);
    } finally {
      await agent.close();
    }
  });

  it('over REST, where the person raises the scope on the page the answer names', async () => {
    const agent = await RestAgent.connect(service.url, new Person('ana'));
    await walk({ agent, countersign: onPage });
    expect(agent.sentTo).toEqual([`${service.url}/step-up?client_id=${agent.rest.oauth.clientId}&scope=tag%3Awrite`]);
  });
});

describe('a scan tells how far it is', () => {
  const stepsOf = async (agent: Agent): Promise<number[]> => {
    const told: number[] = [];
    const onprogress = ({ progress }: { progress: number }) => void told.push(progress);
    await agent.call('check_tag_compliance', { force_refresh: true }, { onprogress });
    return told;
  };
  const everySlice = Array.from({ length: 64 }, (_, at) => at);

  it('in the handshake of 2025, with either SDK, and through mcp-remote', async () => {
    const person = new Person('vera');
    const agents = [
      await ModernAgent.connect(service.url, person, { era: 'legacy' }),
      await FirstAgent.connect(service.url, person),
      await connectRemote(service.url, person),
    ];
    for (const agent of agents) {
      expect(await stepsOf(agent)).toEqual(everySlice);
      await agent.close();
    }
  });
});

describe('a countersignature', () => {
  it('may come from a second agent, of a person who may approve', async () => {
    const agent = await ModernAgent.connect(service.url, new Person('ana'));
    const second = await ModernAgent.connect(service.url, ben);
    const approve = (request_id: string) => approveByTool(second, request_id, 'Read and agreed');
    const { applied } = await walk({ agent, countersign: approve });
    expect(scopesAsked(second.host.asked)).toEqual(['tag:read', 'tag:read tag:approve']);
    const { approvals } = await ask(agent, Detail, 'get_operation', { operation_id: applied });
    expect(approvals).toMatchObject([{ by: 'ben@example.com', comment: 'Read and agreed', via: 'mcp' }]);
    await Promise.all([agent.close(), second.close()]);
  });

  it('may come over REST', async () => {
    const agent = await RestAgent.connect(service.url, new Person('ana'));
    const approver = await RestClient.connect(service.url, 'ben', 'tag:read tag:approve');
    const approve = async (operation_id: string) => {
      const { approval_hash } = await ask(agent, Detail, 'get_operation', { operation_id });
      const decision = { operation_id, action: 'approve', approval_hash };
      const { status, body } = await approver.post('/mcp/confirm-operation', decision);
      expect([status, body.operation]).toEqual([200, expect.objectContaining({ status: 'applied' })]);
    };
    await walk({ agent, countersign: approve });
  });

  it('is asked of the approver’s agent with a challenge, and of others’ not at all', async () => {
    const agent = await RestAgent.connect(service.url, new Person('ana'));
    const tags = { Owner: 'platform@example.com' };
    const resource_arns = await ownerless(agent, 1);
    const { request_id } = await ask(agent, Requested, 'bulk_tag_resources', { resource_arns, tags });
    const body = { operation_id: request_id, action: 'approve' };
    const reader = await RestClient.connect(service.url, 'ben');
    const asked = await reader.post('/mcp/confirm-operation', body);
    expect([asked.status, asked.body.required_scope]).toEqual([403, 'tag:approve']);
    // Ana's roles will never do: she is told so, and not sent to a page in vain.
    const own = await agent.rest.post('/mcp/confirm-operation', body);
    expect([own.status, own.body.message]).toEqual([403, expect.stringContaining('do not include tag:approve')]);
    const denied = await ben.answer(`${service.url}/approvals/${request_id}`, 'deny', 'Not in this quarter.');
    expect(textOn(denied)).toContain('Nothing was changed.');
    const after = await ask(agent, Detail, 'get_operation', { operation_id: request_id });
    expect(after).toMatchObject({ status: 'denied', note: 'Not in this quarter.' });
  });

  it('is needed even where the agent asks for none', async () => {
    const agent = await RestAgent.connect(service.url, new Person('ana'));
    const resource_arns = await ownerless(agent, 1);
    const args = { resource_arns, tags: { Owner: 'platform@example.com' }, approval_required: false };
    const request = await ask(agent, Requested, 'bulk_tag_resources', args);
    expect(request).toMatchObject({
      status: 'pending_approval',
      warnings: ['approval_required=false is not allowed here: a second person must countersign.'],
    });
  });

  it('is not given for a plan whose tags moved meanwhile: it is planned again and waits', async () => {
    const agent = await RestAgent.connect(service.url, new Person('ana'));
    const resource_arns = await ownerless(agent, 2);
    const request = (Owner: string) =>
      ask(agent, Requested, 'bulk_tag_resources', { resource_arns, tags: { Owner }, reason: 'Two want the same' });
    const [first, second] = [await request('platform@example.com'), await request('web@example.com')];
    const page = await ben.open(second.approval_url);
    await ben.answer(first.approval_url, 'approve');
    const answered = await ben.followed(await ben.browser.submit(page, { decision: 'approve', comment: '' }));
    expect(textOn(answered)).toContain('It was planned again: read the new plan.');
    const state = () => ask(agent, Detail, 'get_operation', { operation_id: second.request_id });
    const again = await state();
    expect(again).toMatchObject({
      status: 'awaiting-countersign',
      approvals: [],
      note: '2 of 2 resources changed after this was planned.',
    });
    expect(again.changes[0]).toMatchObject({
      before: { Owner: 'platform@example.com' },
      after: { Owner: 'web@example.com' },
    });
    await ben.answer(second.approval_url, 'approve');
    expect(await state()).toMatchObject({ status: 'applied' });
    for (const { request_id } of [second, first]) {
      const revert = await ask(agent, Detail, 'rollback_operation', { operation_id: request_id });
      await ben.answer(revert.approval_url, 'approve');
    }
  });
});

describe('an idempotency key', () => {
  it('makes a retry the same request, and another change an error', async () => {
    const agent = await RestAgent.connect(service.url, new Person('ana'));
    const resource_arns = await ownerless(agent, 1);
    const args = { resource_arns, tags: { Owner: 'platform@example.com' }, idempotency_key: 'my-own-key-1' };
    const [one, two] = [
      await ask(agent, Requested, 'bulk_tag_resources', args),
      await ask(agent, Requested, 'bulk_tag_resources', args),
    ];
    expect(two).toEqual(one);
    const other = agent.call('bulk_tag_resources', { ...args, tags: { Owner: 'web@example.com' } });
    expect(await refusal(other)).toBe('conflict');
  });
});

describe('the REST facade', () => {
  it('lists the tools, the health and the caller’s own audit records', async () => {
    const client = await RestClient.connect(service.url, 'vera');
    const { body } = await client.get('/mcp/tools/list');
    const { tools } = z.object({ tools: z.array(z.looseObject({ name: z.string() })) }).parse(body);
    expect(tools).toHaveLength(service.running.catalogue.list.length);
    const { result, correlation_id } = (await client.execute('get_tagging_policy')).body;
    expect(result).toMatchObject({ source: 'sandbox' });
    const log = AuditPage.parse((await client.get('/mcp/audit-logs?limit=5')).body);
    expect(log.records[0]).toMatchObject({ userId: 'vera', tool: 'get_tagging_policy', correlationId: correlation_id });
    expect((await client.get('/mcp/audit-logs?person=ana')).status).toBe(403);
    expect((await client.get('/mcp/health')).body).toMatchObject({ status: 'healthy', tools: tools.length });
    expect((await client.get('/mcp/audit-logs?limit=many')).status).toBe(400);
  });

  it('needs a token where the tools do', async () => {
    for (const path of ['/mcp/tools/list', '/mcp/audit-logs'])
      expect((await fetch(`${service.url}${path}`)).status).toBe(401);
    expect((await fetch(`${service.url}/mcp/execute-tool`, { method: 'POST', body: '{}' })).status).toBe(401);
    expect((await fetch(`${service.url}/mcp/health`)).status).toBe(200);
  });
});

// Last, for it turns the service's clock, and the tokens of everybody else with it.
describe('a client that cannot step up', () => {
  it('is raised by its person on the page, for this client, and for a quarter of an hour', async () => {
    const oauth = await OAuthClient.registered(service.url);
    const { access_token } = await oauth.connect(new Browser(), 'ana');
    // A host that was handed a token and knows nothing of OAuth.
    const client = new Client({ name: 'plain', version: '1.0.0' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${service.url}/mcp`), {
        authProvider: { token: async () => access_token },
      }),
    );
    const resource_arns = await ownerless(await RestAgent.connect(service.url, new Person('vera')), 1);
    const args = { resource_arns, tags: { Owner: 'platform@example.com' } };
    const call = async () => client.callTool({ name: 'bulk_tag_resources', arguments: args });
    await expect(call()).rejects.toThrow(/Insufficient scope: required "tag:read tag:write"/);

    const ana = new Person('ana');
    const url = `${service.url}/step-up?client_id=${oauth.clientId}&scope=tag%3Awrite`;
    expect(textOn(await ana.stepUp(url))).toContain('Done: go back to the app');
    expect((await call()).structuredContent).toMatchObject({ status: 'pending_approval' });
    service.advance(840);
    expect((await call()).structuredContent).toMatchObject({ status: 'pending_approval' });
    service.advance(61);
    await expect(call()).rejects.toThrow(/Insufficient scope: required "tag:read tag:write"/);
    await client.close();
  });
});
