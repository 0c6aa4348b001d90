/** Requests that say the right thing in another of its spellings, and neighbours of the right address and shape. */

import { startWatched, type Watched } from './watched.ts';
import { type Answer, at, type Caller, send } from './wire.ts';

let watched: Watched;
let ana: Caller;
let authorization: string;
beforeAll(async () => {
  watched = await startWatched();
  const { caller, tokens } = await watched.connect('ana', 'tag:read tag:write');
  ana = caller;
  authorization = `Bearer ${tokens.access_token}`;
});
afterAll(async () => {
  await watched.service.stop();
  expect(watched.service.faults()).toEqual([]);
});

const rpc = (method: string, params: unknown = {}, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, params });
const initialize = rpc('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
});
const compliance = rpc('tools/call', { name: 'check_tag_compliance', arguments: {}, _meta: { progressToken: 1 } });
const post = (body: unknown, headers: Readonly<Record<string, string>>, path = '/mcp'): Promise<Answer> =>
  send(watched.service.url, path, { headers: { authorization, 'content-type': 'application/json', ...headers }, body });
const typeOf = ({ headers }: Answer) => String(headers['content-type']).split(';')[0];

describe('Accept', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['of anything', { accept: '*/*' }],
    ['that is not there', {}],
    ['in capitals', { accept: 'Application/JSON, Text/Event-Stream' }],
    ['with weights', { accept: 'text/event-stream;q=0.2, application/json;q=0.9' }],
    ['of the stream alone', { accept: 'text/event-stream' }],
  ])('%s is served', async (_what, headers) => {
    const plain = rpc('tools/call', { name: 'get_tagging_policy', arguments: {} });
    for (const body of [initialize, rpc('tools/list'), rpc('prompts/list'), plain, compliance]) {
      const answer = await post(body, headers);
      expect([answer.status, at(answer.json, 'error'), at(answer.json, 'id')]).toEqual([200, undefined, 1]);
      if (headers.accept === 'text/event-stream') expect(typeOf(answer)).toBe('text/event-stream');
    }
  });

  it.each(['application/json', 'Application/JSON;charset=utf-8', 'application/json, text/event-stream;q=0'])(
    'of %s is served as JSON, progress left out',
    async (accept) => {
      for (const body of [initialize, rpc('tools/list'), compliance]) {
        const answer = await post(body, { accept });
        expect([answer.status, typeOf(answer)]).toEqual([200, 'application/json']);
        expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: '2.0', id: 1, result: expect.anything() });
      }
      const batch = await post([rpc('ping'), rpc('tools/list', {}, 2)], { accept });
      expect(JSON.parse(batch.text)).toMatchObject([{ id: 1 }, { id: 2 }]);
      const note = await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, { accept });
      expect([note.status, note.text]).toEqual([202, '']);
    },
  );

  it('of neither is refused, and says what is served', async () => {
    const answer = await post(initialize, { accept: 'text/html, application/json;q=0' });
    expect(answer.status).toBe(406);
    expect(answer.json).toMatchObject({
      id: 1,
      error: { message: expect.stringContaining('application/json and text') },
    });
  });
});

it.each(['Application/JSON', 'application/json;charset=utf-8', 'APPLICATION/JSON ; Charset="UTF-8"'])(
  'Content-Type %s is JSON, at the facade too',
  async (type) => {
    const headers = { 'content-type': type, accept: '*/*' };
    for (const body of [initialize, rpc('tools/call', { name: 'get_tagging_policy' })])
      expect((await post(body, headers)).status).toBe(200);
    expect((await post({ tool: 'get_tagging_policy' }, headers, '/mcp/execute-tool')).status).toBe(200);
  },
);

describe('Neighbours of an address', () => {
  const ask = (method: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
    send(watched.service.url, path, { method, headers: { authorization, ...headers } });

  it('with a slash more are the address', async () => {
    expect((await post(initialize, {}, '/mcp/')).status).toBe(200);
    for (const path of ['/health/', '/mcp/tools/list/', '/sign-in/', '/.well-known/oauth-protected-resource/mcp/'])
      expect([path, (await ask('GET', path)).status]).toEqual([path, 200]);
  });

  it.each([
    ['HEAD', '/mcp', 'POST'],
    ['GET', '/mcp/', 'POST'],
    ['GET', '/mcp/execute-tool', 'POST'],
    ['DELETE', '/mcp/execute-tool', 'POST'],
    ['GET', '/mcp/confirm-operation', 'POST'],
    ['POST', '/mcp/tools/list', 'GET, HEAD'],
    ['POST', '/mcp/audit-logs?limit=1', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
    ['GET', '/sign-out', 'POST'],
    ['PUT', '/approvals/op_1', 'GET, HEAD, POST'],
    ['DELETE', '/operations/op_1', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
    ['POST', '/.well-known/oauth-protected-resource', 'GET, HEAD'],
    ['POST', '/.well-known/oauth-authorization-server', 'GET, HEAD, OPTIONS'],
    ['GET', '/oauth/token', 'POST, OPTIONS'],
    ['GET', '/oauth/register', 'POST, OPTIONS'],
    ['GET', '/oauth/revoke', 'POST, OPTIONS'],
    ['PATCH', '/oauth/jwks', 'GET, HEAD, OPTIONS'],
  ])('%s %s is told which methods there are: %s', async (method, path, allow) => {
    for (const type of ['application/json', 'application/x-yaml', undefined]) {
      const answer = await ask(method, path, type === undefined ? {} : { 'content-type': type });
      expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
    }
  });

  it('DELETE /mcp with a content type is told too, and nobody without a token', async () => {
    const answer = await ask('DELETE', '/mcp', { 'content-type': 'application/json' });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    expect((await send(watched.service.url, '/mcp', { method: 'HEAD' })).status).toBe(401);
  });

  it('are told where MCP is, in a POST', async () => {
    for (const path of ['/', '/sse', '/message'])
      expect(at((await ask('POST', path)).json, 'error', 'message')).toMatch(/The MCP endpoint is \/mcp\.$/);
    expect((await ask('POST', '/sse')).status).toBe(404);
  });

  it.each([
    '/',
    '/health',
    '/sign-in',
    '/mcp/tools/list',
    '/oauth/jwks',
    '/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration',
    '/.well-known/oauth-protected-resource',
    '/assets/mark.svg',
  ])('HEAD %s is as GET, without the body', async (path) => {
    const [head, get] = await Promise.all([ask('HEAD', path), ask('GET', path)]);
    expect([head.status, head.headers['content-type'], head.text]).toEqual([
      get.status,
      get.headers['content-type'],
      '',
    ]);
  });

  it('OPTIONS tells the methods of a path, and 404 where there is nothing', async () => {
    const answer = await ask('OPTIONS', '/approvals/op_1');
    expect([answer.status, answer.headers.allow]).toEqual([204, 'GET, HEAD, POST']);
    expect((await ask('OPTIONS', '/nothing')).status).toBe(404);
  });
});

describe('A batch', () => {
  const pings = [rpc('ping'), rpc('ping', {}, 2)];

  it.each(['2025-06-18', '2025-11-25'])('is refused where the protocol has none (%s)', async (version) => {
    for (const batch of [pings, [rpc('ping')]]) {
      const { status, json } = await post(batch, { 'mcp-protocol-version': version });
      expect([status, at(json, 'error')]).toEqual([
        400,
        { code: -32600, message: 'Batches were removed from the protocol in 2025-06-18: send each message alone' },
      ]);
    }
  });

  it.each([undefined, '2025-03-26'])('is served where it has them (%s)', async (version) => {
    const headers: Record<string, string> = version === undefined ? {} : { 'mcp-protocol-version': version };
    expect((await post(pings, headers)).status).toBe(200);
  });

  it('never holds initialize', async () => {
    for (const batch of [[initialize], [rpc('ping', {}, 2), initialize]]) {
      const { status, json } = await post(batch, {});
      expect([status, at(json, 'error', 'message')]).toEqual([
        400,
        expect.stringMatching(/^initialize must not be in a batch/),
      ]);
    }
  });
});

describe('Parameters that do not fit', () => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  /** As both eras send it. */
  const ask = (method: string, params: Record<string, unknown>) => {
    const name = params.name ?? params.uri;
    const headers = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
    };
    return Promise.all([ana.rpc(method, params), ana.mcp(rpc(method, { ...params, _meta: meta }), headers)]);
  };

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['prompts/get', {}, /: params\.name: is required, as string$/],
    [
      'prompts/get',
      { name: 'fix_untagged_resources', arguments: { owner: 7 } },
      /params\.arguments\.owner: must be string, not number/,
    ],
    [
      'prompts/get',
      { name: 'fix_untagged_resources', arguments: ['x'] },
      /params\.arguments: must be object, not array/,
    ],
    ['resources/read', {}, /params\.uri: is required/],
    ['resources/read', { uri: 7 }, /params\.uri: must be string/],
    ['resources/list', { cursor: 7 }, /params\.cursor: must be string/],
    ['tools/list', { cursor: {} }, /params\.cursor: must be string/],
    ['tools/call', {}, /params\.name: is required/],
    ['tools/call', { name: 'get_tagging_policy', arguments: 'x' }, /params\.arguments: must be object, not string/],
    ['tools/call', { name: 'get_tagging_policy', task: 7 }, /params\.task: must be object/],
    ['completion/complete', {}, /params\.ref: .*params\.argument: is required/],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt' }, argument: { name: 'a', value: 'b' } },
      /params\.ref\.name: is required/,
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a' } },
      /params\.argument\.value: is required/,
    ],
  ])('%s with %j names the field', async (method, params, message) => {
    for (const { json, text } of await ask(method, params)) {
      expect(json).toMatchObject({ id: 1, error: { code: -32602, message: expect.stringMatching(message) } });
      expect(text).not.toMatch(/invalid_type|\\"code\\"|ZodError|Invalid input/);
    }
  });

  it.each([
    [
      'initialize',
      { protocolVersion: '2025-11-25', clientInfo: { name: 'x', version: '1' } },
      /params\.capabilities: is required/,
    ],
    ['initialize', undefined, /: params: is required, as object$/],
    [
      'initialize',
      { protocolVersion: 7, capabilities: {}, clientInfo: {} },
      /params\.protocolVersion: must be string.*params\.clientInfo\.name/,
    ],
    ['prompts/get', undefined, /: params: is required/],
    ['tools/list', { _meta: 7 }, /params\._meta: must be object, not number/],
    ['tools/list', { _meta: { progressToken: {} } }, /params\._meta\.progressToken: must be string/],
    ['resources/read', null, /: params: is required/],
  ])('%s with %j of a client of 2025 names the field', async (method, params, message) => {
    const { json } = await ana.mcp({ jsonrpc: '2.0', id: 'a', method, ...(params !== undefined && { params }) });
    expect(json).toMatchObject({ id: 'a', error: { code: -32602, message: expect.stringMatching(message) } });
  });

  it('are looked at after the envelope and the headers of 2026, which have answers of their own', async () => {
    const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'initialize' };
    const gone = await ana.mcp(rpc('initialize', { _meta: meta }), headers);
    expect([gone.status, at(gone.json, 'error', 'code')]).toEqual([404, -32601]);
    const bare = await ana.mcp(rpc('prompts/get', {}), { ...headers, 'mcp-method': 'prompts/get' });
    expect([bare.status, at(bare.json, 'error', 'message')]).toEqual([400, expect.stringContaining('envelope')]);
  });

  it('are none where they are null', async () => {
    for (const answer of await ask('tools/call', { name: 'get_tagging_policy', arguments: null }))
      expect([answer.status, at(answer.json, 'result', 'structuredContent', 'source')]).toEqual([200, 'sandbox']);
    for (const answer of await ask('tools/list', { cursor: null }))
      expect(at(answer.json, 'result', 'tools', 0)).toBeDefined();
    const bare = await ana.mcp({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: null });
    expect(at(bare.json, 'result', 'tools', 0)).toBeDefined();
    const noMeta = await ana.rpc('tools/call', { name: 'get_tagging_policy', _meta: null });
    expect(at(noMeta.json, 'result', 'isError')).toBeUndefined();
  });

  it('of a message in a batch say which message', async () => {
    const { status, json } = await post([rpc('ping'), rpc('prompts/get', {}, 2)], {});
    expect([status, at(json, 'error')]).toEqual([
      400,
      { code: -32602, message: expect.stringMatching(/^Message 2 of the batch: .*params\.name: is required/) },
    ]);
  });
});

describe('Text that is not well-formed', () => {
  const half = '\ud800';
  const arn = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0bad000000000010';
  const tag = (key: string, value: string) => ({ resource_arns: [arn], tags: { [key]: value } });

  it.each([
    ['half a character', half],
    ['the other half', 'x\udc00y'],
    ['NUL', 'a\u0000b'],
  ])('is refused by the name of its field in a message: %s', async (_what, text) => {
    const cases: [unknown, RegExp][] = [
      [
        rpc('tools/call', { name: 'bulk_tag_resources', arguments: tag('Owner', text) }),
        /^params\.arguments\.tags\.Owner: holds/,
      ],
      [
        rpc('tools/call', { name: 'bulk_tag_resources', arguments: tag(text, 'x') }),
        /^params\.arguments\.tags \(a name in it\): holds/,
      ],
      [rpc('prompts/get', { name: text }), /^params\.name: holds/],
      [rpc('resources/read', { uri: `countersign://${text}` }), /^params\.uri: holds/],
      [
        rpc('initialize', { protocolVersion: text, capabilities: {}, clientInfo: {} }),
        /^params\.protocolVersion: holds/,
      ],
    ];
    for (const [message, told] of cases) {
      const { status, json } = await ana.mcp(message);
      expect(status).toBe(400);
      expect(json).toMatchObject({ id: 1, error: { code: -32602, message: expect.stringMatching(told) } });
    }
    const rest = await ana.execute('bulk_tag_resources', tag('Owner', text));
    expect([rest.status, at(rest.json, 'error')]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(/^params\.tags\.Owner: holds/) }),
    ]);
  });

  it('may be any character that is one, written as two halves', async () => {
    const body = JSON.stringify(rpc('tools/call', { name: 'get_tagging_policy', arguments: {} })).replace(
      '1',
      '"\\ud83d\\ude00"',
    );
    expect((await ana.mcp(body)).json).toMatchObject({ id: '😀', result: expect.anything() });
  });

  it.each(['operation_id=%00', 'cursor=%ED%A0%80', 'from=%ff', 'operation_id=a%', '%c0=1'])(
    'is refused in a query by the name of its field: %s',
    async (query) => {
      const { status, json } = await ana.rest('GET', `/mcp/audit-logs?${query}`);
      const name = query.startsWith('%') ? '(a name in the query)' : query.split('=')[0];
      expect([status, at(json, 'error', 'message')]).toEqual([400, expect.stringContaining(`${name}: `)]);
    },
  );

  it('is refused in a form and in an address', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = await send(watched.service.url, '/sign-in', { headers, body: 'csrf=x&person=%00' });
    expect([form.status, form.text]).toEqual([400, expect.stringContaining('person: holds the character NUL')]);
    for (const path of ['/approvals/op_%00', '/oauth/auth?state=%00'])
      expect([path, (await send(watched.service.url, path, { method: 'GET' })).status]).toEqual([path, 400]);
  });
});
