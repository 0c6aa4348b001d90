/** Calls that lack a scope, of clients that do not step up and of people who never could. */
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Browser, textOn } from '../rigs/browser.ts';
import { FirstAgent, ModernAgent } from '../rigs/clients.ts';
import type { OAuthClient } from '../rigs/oauth-client.ts';
import { Person } from '../rigs/person.ts';
import { type Connected, startWatched, type Watched } from './watched.ts';
import { type Answer, at, Caller } from './wire.ts';

let watched: Watched;
beforeAll(async () => {
  watched = await startWatched();
});
afterAll(async () => {
  await watched.service.stop();
  expect(watched.service.faults()).toEqual([]);
});

const arn = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0bad000000000010';
const args = { resource_arns: [arn], tags: { Owner: 'platform@example.com' } };
const write = 'bulk_tag_resources';
const approve = 'approve_bulk_tagging_request';
const decision = { request_id: `op_${'0'.repeat(32)}`, action: 'approve' };

type Call = (caller: Caller, tool: string, args: Record<string, unknown>) => Promise<Answer>;
const legacy: Call = (caller, tool, given) => caller.tool(tool, given);
const streamed: Call = (caller, name, given) =>
  caller.rpc('tools/call', { name, arguments: given, _meta: { progressToken: 1 } });
const modern: Call = (caller, name, given) => {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { name, arguments: given, _meta };
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name };
  return caller.mcp({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, headers);
};
const eras: readonly (readonly [string, Call])[] = [
  ['2025', legacy],
  ['2025 with progress', streamed],
  ['2026', modern],
];

const challenged = ({ status, headers, json }: Answer) => {
  expect([status, at(json, 'error')]).toEqual([403, 'insufficient_scope']);
  expect(headers['www-authenticate']).toContain('error="insufficient_scope"');
};
const pageOf = ({ clientId }: OAuthClient, scope: string) =>
  `${watched.service.url}/step-up?${new URLSearchParams({ client_id: clientId, scope })}`;
const pointed = ({ status, json }: Answer, page: string) => {
  expect([status, at(json, 'result', 'isError')]).toEqual([200, true]);
  expect(at(json, 'result', 'structuredContent', 'step_up_url')).toBe(page);
  expect(at(json, 'result', 'structuredContent', 'error', 'message')).toContain(page);
  expect(at(json, 'result', 'content', 0, 'text')).toContain(page);
};

describe('A client that was challenged and calls again as it was', () => {
  it.each(eras)('is told the page where its person raises it, and runs then (%s)', async (_era, call) => {
    const { caller, oauth } = await watched.connect('ana');
    challenged(await call(caller, write, args));
    const page = pageOf(oauth, 'tag:write');
    pointed(await call(caller, write, args), page);
    pointed(await call(caller, write, args), page);
    expect(textOn(await new Person('ana').stepUp(page))).toContain('Done: go back to the app');
    const { status, json } = await call(caller, write, args);
    expect([status, at(json, 'result', 'structuredContent', 'status')]).toEqual([200, 'pending_approval']);
  });

  it('gets a challenge first for every tool, every grant, and after a minute', async () => {
    const { caller, oauth } = await watched.connect('max');
    challenged(await legacy(caller, write, args));
    challenged(await legacy(caller, approve, decision));
    pointed(await legacy(caller, write, args), pageOf(oauth, 'tag:write'));
    pointed(await legacy(caller, approve, decision), pageOf(oauth, 'tag:approve'));
    const other = await oauth.connect(new Browser(), 'max');
    challenged(await legacy(new Caller(watched.service.url, other.access_token), write, args));
    watched.service.advance(61);
    challenged(await legacy(caller, write, args));
  });

  it('gets a challenge again when its scopes have grown meanwhile, because it can step up', async () => {
    const { caller, oauth } = await watched.connect('max');
    challenged(await legacy(caller, approve, decision));
    await new Person('max').stepUp(pageOf(oauth, 'tag:write'));
    challenged(await legacy(caller, write, args).then(() => legacy(caller, approve, decision)));
  });

  it('gets a challenge in a batch, whose other messages would else go without an answer', async () => {
    const { caller } = await watched.connect('ana');
    const batch = [{ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: write, arguments: args } }];
    const revision = { 'mcp-protocol-version': '2025-03-26' };
    for (let n = 0; n < 2; n++) expect((await caller.mcp(batch, revision)).status).toBe(403);
  });

  it('gets a challenge at the facade each time, whose body names the page', async () => {
    const { caller } = await watched.connect('ana');
    for (let n = 0; n < 3; n++) challenged(await caller.execute(write, args));
  });

  it('is shown it by the first SDK, which holds it against the output schema', async () => {
    const { tokens, oauth } = await watched.connect('ana');
    const client = new ClientV1({ name: 'plain', version: '1.0.0' });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    await client.connect(new TransportV1(new URL(`${watched.service.url}/mcp`), { requestInit: { headers } }));
    await client.listTools();
    await expect(client.callTool({ name: write, arguments: args })).rejects.toThrow(/403|insufficient/i);
    const answer = await client.callTool({ name: write, arguments: args });
    expect(answer).toMatchObject({
      isError: true,
      structuredContent: { step_up_url: pageOf(oauth, 'tag:write') },
    });
    await client.close();
  });
});

describe('A person whose roles do not allow it', () => {
  let vera: Connected;
  beforeAll(async () => {
    vera = await watched.connect('vera');
  });

  const denied = ({ status, headers, json }: Answer, message: RegExp) => {
    expect([status, at(json, 'error')]).toEqual([403, 'access_denied']);
    expect(headers['www-authenticate']).toBeUndefined();
    expect(at(json, 'message')).toMatch(message);
    expect(at(json, 'step_up_url')).toBeUndefined();
  };

  it('is told so without a challenge, however often and in whichever way they ask', async () => {
    const told = /^Your roles \(viewer\) do not include tag:write\. Ask an administrator/;
    for (const [, call] of eras) for (let n = 0; n < 2; n++) denied(await call(vera.caller, write, args), told);
    const rest = await vera.caller.execute(write, args);
    denied(rest, told);
    expect(at(rest.json, 'roles_that_allow_it')).toEqual(['analyst', 'admin']);
    denied(await legacy(vera.caller, approve, decision), /do not include tag:approve/);
  });

  it.each([
    ['first', FirstAgent],
    ['second', ModernAgent],
  ])('is not sent through the browser by the %s SDK', async (_name, agents) => {
    const agent = await agents.connect(watched.service.url, new Person('vera'));
    for (let n = 0; n < 2; n++) await expect(agent.call(write, args)).rejects.toThrow();
    expect(agent.host.asked).toHaveLength(1);
    expect(await agent.call('get_tagging_policy')).toMatchObject({ source: 'sandbox' });
    await agent.close();
  });

  it('keeps the refresh token, because no step-up is expected of the client', async () => {
    denied(await legacy(vera.caller, write, args), /tag:write/);
    const { status } = await vera.oauth.refresh(vera.tokens.refresh_token);
    expect(status).toBe(200);
  });
});
