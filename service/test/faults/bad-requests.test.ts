/** Requests that are not what they should be: each is refused with a precise error, and nothing is done. */
import { connect as connectSocket, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { badCalls } from './bad-arguments.ts';
import { deedsOf, startWatched, type Watched } from './watched.ts';
import { type Answer, at, type Caller, type Sent, send, toolErrorOf } from './wire.ts';

let watched: Watched;
let ana: Caller;
let token: string;
let before: Awaited<ReturnType<typeof deedsOf>>;
let slow: { readonly [kind: string]: Promise<string> };

const arn = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0bad000000000010';
/** A change that would be planned, and leave an operation, if only it were let through. */
const args = { resource_arns: [arn], tags: { Owner: 'platform@example.com' } };
const rpc = (method: string, params: unknown, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, params });
const change = (id: unknown = 1) => rpc('tools/call', { name: 'bulk_tag_resources', arguments: args }, id);

const headersOf = (more: Readonly<Record<string, string>> = {}) => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  ...more,
});

/** Sends a beginning and then nothing more, and resolves to what comes back before the service hangs up. */
const dawdle = (start: string): Promise<string> => {
  const socket: Socket = connectSocket(Number(new URL(watched.service.url).port), '127.0.0.1');
  socket.write(start);
  return text(socket);
};

beforeAll(async () => {
  watched = await startWatched();
  const connected = await watched.connect('ana', 'tag:write');
  ana = connected.caller;
  token = connected.tokens.access_token;
  before = await deedsOf(watched.tables);
  const head = `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n`;
  const type = 'Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n';
  slow = {
    headers: dawdle(head),
    body: dawdle(`${head}${type}Content-Length: 400\r\n\r\n${JSON.stringify(change()).slice(0, 60)}`),
  };
});
afterAll(() => watched?.service.stop());
afterEach(async () => {
  const was = before;
  before = await deedsOf(watched.tables);
  expect(before).toEqual(was);
});

/** The error of an answer, whichever of the two forms it has. */
const errorOf = ({ json }: Answer): unknown => at(json, 'error');

const meta = (version: string, more: object = {}) => ({
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
  ...more,
});
const modern = (version: string, more: object = {}) =>
  rpc('tools/call', { name: 'bulk_tag_resources', arguments: args, _meta: meta(version, more) });
const modernHeaders = (more: Readonly<Record<string, string>> = {}) => ({
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'bulk_tag_resources',
  ...more,
});
const withKey = (key: string, value: string) =>
  JSON.stringify(change()).replace('"Owner":"platform@example.com"', `"Owner":"x","${key}":${value}`);
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const tooBig = JSON.stringify({ ...change(), padding: 'x'.repeat(10 * 1024 * 1024) });

describe('POST /mcp refuses', () => {
  const parse = { code: -32700, message: /not JSON/ };
  const invalid = { code: -32600, message: /valid JSON-RPC message/ };
  const brokenBatch = { code: -32600, message: /batch contains an invalid message/ };
  const poisoned = { code: -32600, message: /__proto__.*Remove it/ };
  const mismatch = { code: -32020, message: /headers and body disagree/ };

  it.each<[string, unknown, number, { code: number; message: RegExp }]>([
    ['half a message', JSON.stringify(change()).slice(0, -20), 400, parse],
    ['no body', '', 400, parse],
    ['two messages in one body', `${JSON.stringify(change())}${JSON.stringify(change())}`, 400, parse],
    ['null', 'null', 400, invalid],
    ['a number', '17', 400, invalid],
    ['a message of another protocol', { ...change(), jsonrpc: '1.0' }, 400, invalid],
    ['a message without a method', { ...change(), method: undefined }, 400, invalid],
    ['a method that is no text', { ...change(), method: ['tools/call'] }, 400, invalid],
    ['an id that is an object', change({ $ne: null }), 400, invalid],
    ['an id that is null', change(null), 400, invalid],
    ['an id that is a list', change([1]), 400, invalid],
    ['parameters that are a list', rpc('tools/call', ['bulk_tag_resources', args]), 400, invalid],
    ['parameters that are text', rpc('tools/call', 'bulk_tag_resources'), 400, invalid],
    ['an empty batch', [], 400, { code: -32600, message: /empty/ }],
    ['a batch over the limit', Array.from({ length: 21 }, (_, id) => change(id)), 400, { code: -32600, message: /20/ }],
    ['a batch with an id twice', [change(7), change(7)], 400, { code: -32600, message: /the same id/ }],
    ['a batch with a broken message', [change(1), { jsonrpc: '2.0' }], 400, brokenBatch],
    ['a batch in a batch', [[change()]], 400, brokenBatch],
    ['__proto__', withKey('__proto__', '{"a":1}'), 400, poisoned],
    ['__proto__ in disguise', withKey('__pr\\u006fto__', '{"a":1}'), 400, poisoned],
    ['constructor.prototype', withKey('constructor', '{"prototype":{}}'), 400, poisoned],
    ['what is nested too deep', withKey('x', nested(100_000)), 400, { code: -32600, message: /64 levels/ }],
    [
      'depth in what is not looked at',
      { ...change(), extra: JSON.parse(nested(65)) },
      400,
      { code: -32600, message: /64 levels/ },
    ],
  ])('%s', async (_name, body, status, error) => {
    const answer = await ana.mcp(body);
    expect(answer.status).toBe(status);
    expect(errorOf(answer)).toEqual({ code: error.code, message: expect.stringMatching(error.message) });
  });

  it.each<[string, Readonly<Record<string, string>>, number, RegExp]>([
    ['text', { 'content-type': 'text/plain' }, 415, /application\/json/],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415, /application\/json/],
    ['a type that only starts like JSON', { 'content-type': 'application/jsonx' }, 415, /application\/json/],
    ['an answer as a page', { accept: 'text/html' }, 406, /application\/json and text\/event-stream/],
    ['a revision nobody knows', { 'mcp-protocol-version': '1999-01-01' }, 400, /1999-01-01.*supported.*2025-11-25/],
    ['a foreign Origin', { origin: 'https://evil.example' }, 403, /Origin.*ALLOWED_ORIGINS/],
    ['an opaque Origin', { origin: 'null' }, 403, /Origin/],
    ['a foreign Host', { host: 'evil.example' }, 403, /Host.*http:\/\/localhost/],
    ['a Host that only starts like ours', { host: 'localhost.evil.example' }, 403, /Host/],
    ['a Host of digits', { host: '2130706433.evil.example' }, 403, /Host/],
  ])('a change with headers that ask for or come from %s', async (_name, headers, status, message) => {
    const answer = await ana.mcp(change(), headers);
    expect(answer.status).toBe(status);
    expect(at(answer.json, 'error', 'message')).toMatch(message);
  });

  it.each<[string, unknown, Readonly<Record<string, string>>, { code: number; message: RegExp }]>([
    [
      'an envelope that says too little',
      rpc('tools/call', {
        name: 'bulk_tag_resources',
        arguments: args,
        _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' },
      }),
      modernHeaders(),
      { code: -32602, message: /client(Info|Capabilities)/ },
    ],
    [
      'a revision of the future',
      modern('2099-01-01'),
      modernHeaders({ 'mcp-protocol-version': '2099-01-01' }),
      { code: -32022, message: /2099-01-01/ },
    ],
    [
      'another revision in the header',
      modern('2026-07-28'),
      modernHeaders({ 'mcp-protocol-version': '2025-06-18' }),
      mismatch,
    ],
    ['another method in the header', modern('2026-07-28'), modernHeaders({ 'mcp-method': 'tools/list' }), mismatch],
    ['another tool in the header', modern('2026-07-28'), modernHeaders({ 'mcp-name': 'get_tagging_policy' }), mismatch],
    [
      'no tool in the header',
      modern('2026-07-28'),
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' },
      { code: -32020, message: /Mcp-Name/ },
    ],
    ['no headers at all', modern('2026-07-28'), {}, { code: -32020, message: /Mcp|MCP/ }],
  ])('of 2026-07-28 %s', async (_name, body, headers, error) => {
    const answer = await ana.mcp(body, headers);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: error.code, message: expect.stringMatching(error.message) });
  });

  it.each<[string, Sent]>([
    ['with its length', {}],
    ['in chunks', { chunked: true }],
  ])('a body of 10 MB sent %s', async (_name, how) => {
    const answer = await send(ana.origin, '/mcp', { ...how, headers: headersOf(), body: tooBig });
    expect(answer.status).toBe(413);
    expect(at(answer.json, 'error')).toMatchObject({ code: 'too_large', message: expect.stringContaining('1 MB') });
  });

  it.each(['GET', 'DELETE', 'PUT', 'PATCH'])('%s, which is not how to ask', async (method) => {
    const { authorization } = headersOf();
    const answer = await send(ana.origin, '/mcp', { method, headers: { authorization } });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST');
    expect(at(answer.json, 'error', 'message')).toMatch(/POST/);
  });

  it('a length beside chunks, by which one proxy would see another request than the next', async () => {
    const answer = await dawdle(
      `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });

  it('what is no HTTP at all', async () => {
    expect(await dawdle('\u0016\u0003\u0001\u0000hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [\s\S]*not an HTTP request/);
  });

  it('headers without end', async () => {
    const answer = await dawdle(`GET /mcp HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 [\s\S]*too_large/);
  });
});

describe('The REST facade refuses', () => {
  const call = { tool: 'bulk_tag_resources', params: args };

  it.each<[string, string, unknown, number, string, RegExp]>([
    ['half a body', '/mcp/execute-tool', '{"tool":', 400, 'invalid_input', /not valid JSON/],
    ['no body', '/mcp/execute-tool', '', 400, 'invalid_input', /empty/],
    ['null', '/mcp/execute-tool', 'null', 400, 'invalid_input', /tool/],
    ['a list', '/mcp/execute-tool', [call], 400, 'invalid_input', /expected object/],
    ['an unknown field', '/mcp/execute-tool', { ...call, confirm: true }, 400, 'invalid_input', /^confirm: /],
    ['a name that is no text', '/mcp/execute-tool', { ...call, tool: 1 }, 400, 'invalid_input', /^tool: /],
    ['parameters that are text', '/mcp/execute-tool', { ...call, params: 'x' }, 400, 'invalid_input', /^params: /],
    [
      '__proto__',
      '/mcp/execute-tool',
      '{"tool":"bulk_tag_resources","params":{"__proto__":{}}}',
      400,
      'invalid_input',
      /__proto__/,
    ],
    ['depth', '/mcp/execute-tool', `{"tool":"x","params":{"a":${nested(100_000)}}}`, 400, 'invalid_input', /64 levels/],
    [
      'an action there is not',
      '/mcp/confirm-operation',
      { operation_id: `op_${'0'.repeat(32)}`, action: 'force' },
      400,
      'invalid_input',
      /^action: /,
    ],
    [
      'an id that is a list',
      '/mcp/confirm-operation',
      { operation_id: ['op_1'] },
      400,
      'invalid_input',
      /^operation_id: /,
    ],
    [
      'an id in other digits',
      '/mcp/confirm-operation',
      { operation_id: `op_${'０'.repeat(32)}` },
      400,
      'invalid_input',
      /^operation_id: /,
    ],
    [
      'an id that turns its line around',
      '/mcp/confirm-operation',
      { operation_id: 'op_\u202e0000' },
      400,
      'invalid_input',
      /^operation_id: [\x20-\x7e]*$/,
    ],
    [
      'an id with NUL',
      '/mcp/confirm-operation',
      { operation_id: 'op_\u0000' },
      400,
      'invalid_input',
      /^operation_id: /,
    ],
    [
      'an id with half a character',
      '/mcp/confirm-operation',
      { operation_id: 'op_\ud800' },
      400,
      'invalid_input',
      /^operation_id: /,
    ],
  ])('%s at %s', async (_name, path, body, status, code, message) => {
    const answer = await ana.rest('POST', path, body);
    expect(answer.status).toBe(status);
    expect(errorOf(answer)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ['a limit that is no number', 'limit=many', /limit/],
    ['a limit given twice', 'limit=1&limit=2', /limit/],
    ['a limit over the most', 'limit=100000', /limit/],
    ['a time that is none', 'from=yesterday', /from/],
    ['a cursor of another query', 'cursor=WyJ4Il0', /cursor/],
    ['another person', 'person=ben', /scope admin/],
  ])('%s in a query of the audit log', async (_name, query, message) => {
    const answer = await ana.rest('GET', `/mcp/audit-logs?${query}`);
    expect(answer.status).toBe(query.startsWith('person') ? 403 : 400);
    expect(at(answer.json, 'error', 'message')).toMatch(message);
  });

  it.each<[string, Sent]>([
    ['with its length', {}],
    ['in chunks', { chunked: true }],
  ])('a body of 10 MB sent %s', async (_name, how) => {
    const answer = await send(ana.origin, '/mcp/execute-tool', { ...how, headers: headersOf(), body: tooBig });
    expect(answer.status).toBe(413);
  });

  it.each(['/%', '/mcp/%E0%A4%A', '/approvals/%ff', '/..%2f..%2fetc/passwd'])('the path %s', async (path) => {
    const answer = await send(ana.origin, path, { method: 'GET' });
    expect([400, 404]).toContain(answer.status);
    expect(at(answer.json, 'error', 'code')).toMatch(/invalid_input|not_found/);
  });
});

describe('A tool refuses', () => {
  it.each(badCalls.map((call) => [`${call.what} for ${call.tool}`, call] as const))(
    '%s',
    async (_name, { tool, args: bad, code, message }) => {
      const error = { code, message: expect.stringMatching(message) };
      const envelope = { name: tool, arguments: bad, _meta: meta('2026-07-28') };
      const [legacy, streamed, modern, rest] = await Promise.all([
        ana.tool(tool, bad),
        ana.rpc('tools/call', { name: tool, arguments: bad, _meta: { progressToken: 1 } }),
        ana.mcp(rpc('tools/call', envelope), modernHeaders({ 'mcp-name': tool })),
        ana.execute(tool, bad),
      ]);
      for (const answer of [legacy, streamed, modern]) expect(toolErrorOf(answer)).toMatchObject(error);
      expect(rest.status).toBeGreaterThanOrEqual(400);
      expect(rest.status).toBeLessThan(500);
      expect(errorOf(rest)).toMatchObject(error);
    },
  );

  it('an argument it does not have, whichever tool it is', async () => {
    const ada = (await watched.connect('ada', 'admin')).caller;
    const { list } = watched.service.running.catalogue;
    expect(list.length).toBeGreaterThan(10);
    for (const { name } of list) {
      const error = { code: 'invalid_input', message: expect.stringContaining('surprise: is not an argument') };
      expect([name, toolErrorOf(await ada.tool(name, { surprise: 1 }))]).toEqual([
        name,
        expect.objectContaining(error),
      ]);
      expect([name, errorOf(await ada.execute(name, { surprise: 1 }))]).toEqual([name, expect.objectContaining(error)]);
    }
  });

  it.each([
    ['a tool there is not', 'drop_all_tags'],
    ['a name of JavaScript’s own', '__proto__'],
    ['a name that turns its line around', 'bulk\u202e_tag_resources'],
    ['a name of another case', 'Bulk_tag_resources'],
  ])('%s', async (_name, tool) => {
    const unknown = { message: expect.stringMatching(/^There is no tool [^\p{Cc}\p{Cf}]+\. List the tools first\.$/u) };
    const max = (await watched.connect('max', 'tag:read')).caller;
    expect(errorOf(await max.tool(tool, args))).toEqual({ code: -32602, ...unknown });
    const rest = await max.execute(tool, args);
    expect(rest.status).toBe(404);
    expect(errorOf(rest)).toMatchObject({ code: 'unknown_tool', ...unknown });
  });

  it('arguments that are a list or text', async () => {
    for (const bad of [[args], 'resource_arns'])
      expect(errorOf(await ana.tool('bulk_tag_resources', bad))).toMatchObject({
        code: -32602,
        message: expect.stringContaining('arguments'),
      });
  });
});

describe('Addresses and prompts', () => {
  it.each([
    ['resources/read', { uri: 'countersign://operations/%E0%A4%A' }, /^uri: /],
    ['resources/read', { uri: 'countersign://operations/%00' }, /not found/],
    ['resources/read', { uri: 'file:///etc/passwd' }, /not found/],
    ['resources/read', { uri: `countersign://operations/${'x'.repeat(5000)}` }, /not found/],
    ['resources/list', { cursor: '../..' }, /^cursor/],
    ['tools/list', { cursor: '-1' }, /^cursor/],
    ['prompts/get', { name: 'nobody_wrote_it' }, /Unknown prompt/],
    ['prompts/get', { name: 'fix_untagged_resources' }, /^owner: is required/],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: '__proto__' }, argument: { name: 'a', value: '' } },
      /Unknown prompt/,
    ],
  ])('%s with %j is refused', async (method, params, message) => {
    expect(errorOf(await ana.rpc(method, params))).toMatchObject({
      code: -32602,
      message: expect.stringMatching(message),
    });
  });

  it('names the parameter that is missing', async () => {
    // The SDK words and codes what does not fit the protocol's own schema: an internal error, -32603, for all but tools.
    expect(errorOf(await ana.rpc('resources/read', {}))).toMatchObject({ message: expect.stringContaining('uri') });
  });

  it('tells of a method it does not have', async () => {
    expect(errorOf(await ana.rpc('tools/destroy'))).toEqual({ code: -32601, message: 'Method not found' });
  });
});

it('gives each of many callers at once their own answer', async () => {
  const ben = (await watched.connect('ben')).caller;
  const asked = Array.from({ length: 40 }, (_, n) => {
    const [who, person] = n % 2 === 0 ? [ana, 'ana'] : [ben, 'ben'];
    const call = { name: 'get_audit_log', arguments: { limit: 1 + (n % 5) } };
    // Every one under the same id: ids are a client's own.
    return who.mcp(rpc('tools/call', call, 'same')).then(({ json }) => ({ json, person }));
  });
  for (const { json, person } of await Promise.all(asked)) {
    expect(at(json, 'id')).toBe('same');
    expect(at(json, 'result', 'structuredContent', 'records', 0, 'userId')).toBe(person);
  }
});

describe('Who dawdles is answered after 15 seconds', () => {
  it.each(['headers', 'body'])('with the %s', async (kind) => {
    const answer = await slow[kind];
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('took too long to arrive');
  });
});

// Last, for it does what all of the above must not: it shows that they would have been noticed.
it('plans the change when it is asked for as it should be', async () => {
  const { operations } = before;
  expect((await ana.mcp(change())).status).toBe(200);
  const after = await deedsOf(watched.tables);
  expect(after.operations).not.toBe(operations);
  expect(after.records).toEqual(['ana bulk_tag_resources plan success']);
  before = after;
});
