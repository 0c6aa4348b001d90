/**
 * For each pack of the registry, and each person who may read another one only: no surface shows an operation, a plan or a
 * record of it, nor that there is one. What is answered for its id is what is answered for an id that does not exist.
 */
import '../rigs/letters/contract.ts';

import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pino from 'pino';
import { packNames, packs } from '../../../contracts/packs/index.ts';
import type { PackContract } from '../../../contracts/packs/pack.ts';
import { isRole, isScope, offeredScopes, type Role, scopesOfRoles } from '../../../contracts/scopes.ts';
import type { Caller } from '../../src/auth/caller.ts';
import { parseConfig } from '../../src/config.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { OperationStore } from '../../src/operations/store.ts';
import type { AccountRef } from '../../src/ports/accounts.ts';
import { assemble, type Service } from '../../src/start/assemble.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { letters } from '../rigs/letters/contract.ts';
import { nothingSeen, openLetters } from '../rigs/letters/open.ts';
import { openRig } from '../rigs/pipeline.ts';
import { freePort } from '../servers/server.ts';

interface Somebody {
  readonly personId: string;
  readonly roles: readonly Role[];
}
/** An operation of a pack that waits, and one of it that was applied. */
interface Kept {
  readonly waits: Operation;
  readonly applied: Operation;
}

const now = () => new Date();
const host = 'localhost:3000';
const resource = `http://${host}/mcp`;
const nowhere = `op_${'0'.repeat(32)}`;
const rolesIn = (pack: string, ...names: string[]) => names.map((name) => `${pack}:${name}`).filter(isRole);
const asker = (pack: string) => `asker-${pack}`;
const marker = (pack: string) => `secret-of-${pack}`;

/** Packs that keep operations. */
const changing = packNames.flatMap((name) => {
  const changes = Object.entries((packs[name] as PackContract).tools).filter(([, { kind }]) => kind === 'change');
  return changes.slice(0, 1).map(([tool, contract]) => ({ name, tool, approve: contract.approve ?? '' }));
});

/** An account of each pack, which whoever asks for its change was approved for. Null: its changes are of the service's own. */
const accounts: Readonly<Record<string, AccountRef | null>> = {
  [letters]: { api: 'Post', accountId: 'post' },
  tagging: { api: 'AWS', accountId: '123456789012' },
  marketing: { api: 'GSC', accountId: 'https://example.com/' },
  alerts: null,
};

let service: Service;
let issuer: Server;
let outside: string;
let sign: (who: Somebody) => Promise<string>;
const kept = new Map<string, Kept>();

const callerOf = ({ personId, roles }: Somebody): Caller => ({
  personId,
  name: personId,
  email: `${personId}@example.com`,
  issuer: outside,
  roles,
  clientId: 'agent',
  grantId: 'g',
  scopes: scopesOfRoles(roles, packNames),
  authenticatedAt: 0,
  expiresAt: 0,
});

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'ES256' }] });
  issuer = createServer((_request, response) => void response.end(keys));
  const port = await freePort();
  await new Promise<void>((resolve) => issuer.listen(port, 'localhost', resolve));
  outside = `http://localhost:${port}`;
  const allRoles = Object.fromEntries(
    [...packNames.flatMap((name) => rolesIn(name, 'viewer', 'analyst', 'approver', 'admin')), 'admin'].map((role) => [
      role,
      [role],
    ]),
  );
  sign = ({ personId, roles }) => {
    const at = Math.floor(Date.now() / 1000);
    const scope = offeredScopes(packNames).join(' ');
    const claims = { iss: outside, aud: resource, sub: personId, client_id: 'agent', scope, groups: [...roles] };
    return new SignJWT({ ...claims, email: `${personId}@example.com`, auth_time: at, iat: at, exp: at + 600 })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
      .sign(pair.privateKey);
  };
  const tables = openMemoryTables({ now });
  service = await assemble({
    config: parseConfig({
      ENCRYPTION_KEY: 'a key for tests, long enough to be one',
      TOOL_PACKS: packNames.join(','),
      PUBLIC_URL: `http://${host}`,
      AUTH_ISSUER: outside,
      AUTH_JWKS_URL: `${outside}/keys`,
      SSO_ISSUER: outside,
      SSO_CLIENT_ID: 'pages',
      SSO_CLIENT_SECRET: 'a secret of the test',
      ROLE_MAP: JSON.stringify(allRoles),
      BUDGET_CALLS_PER_HOUR: '100000',
      LOOP_CALLS: '100000',
      RATE_LIMIT_PER_MINUTE: '100000',
      LETTERS_MOST: '5',
      LETTERS_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 5).toString('base64')}`,
    }),
    state: { tables, ephemeral: openMemoryEphemeral({ now }), exclusive: true },
    metrics: { count: () => {}, observe: () => {}, set: () => {} },
    log: pino({ level: 'silent' }),
    now,
    packs: { [letters]: openLetters(nothingSeen()) },
    draining: () => false,
  });
  const store = new OperationStore(tables);
  const { steps, context } = openRig();
  for (const { name, tool, approve } of changing) {
    const caller = callerOf({ personId: asker(name), roles: rolesIn(name, 'analyst') });
    const approveScope = isScope(approve) ? approve : steps.approveScope;
    const input = { colour: marker(name), things: ['a'] };
    const asked = { ...context(caller), caller };
    const on = accounts[name];
    if (on === undefined) throw new Error(`say which account of ${name} its change is on`);
    if (on !== null) {
      const held = { ...on, accountKey: `${on.api}:${on.accountId}`, userId: caller.personId, status: 'ACTIVE' };
      await tables.insert('approved-accounts', { ...held, approvedBy: 'admin', approvedAt: now().toISOString() });
    }
    const plan: typeof steps.plan = async (...given) => {
      const made = await steps.plan(...given);
      return { ...made, changes: made.changes.map((change) => ({ ...change, ...(on ?? { accountId: '' }) })) };
    };
    const waits = await service.pipeline.submit({ ...steps, name: tool, approveScope, plan }, { input }, asked);
    const operationId = waits.operationId.replace(/.{4}$/, 'beef');
    const applied: Operation = { ...waits, operationId, status: 'applied' };
    await store.insert(applied);
    kept.set(name, { waits, applied });
  }
});
afterAll(async () => {
  await service?.app.close();
  await new Promise((resolve) => issuer.close(resolve));
});

/** One way to ask, as text with what changes from call to call taken out. */
type Ask = (who: Somebody, operationId: string) => Promise<string>;

const steady = (text: string): string =>
  text
    .replace(/\bop_[0-9a-f]{8,32}/g, '<op>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<request>')
    .replace(/name="csrf" value="[^"]*"/g, '<csrf>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');

const rest = async (who: Somebody, method: 'GET' | 'POST', url: string, payload?: object): Promise<string> => {
  const headers = { host, authorization: `Bearer ${await sign(who)}`, accept: 'application/json' };
  const response = await service.app.inject({ method, url, headers, ...(payload && { payload }) });
  return `${response.statusCode} ${response.headers['www-authenticate'] ?? ''} ${response.body}`;
};
const rpc = (who: Somebody, method: string, params: object): Promise<string> =>
  rest(who, 'POST', '/mcp', { jsonrpc: '2.0', id: 1, method, params });
const tool = (who: Somebody, name: string, args: object): Promise<string> =>
  rpc(who, 'tools/call', { name, arguments: args });
const page = async (who: Somebody, url: string, fields?: Record<string, string>): Promise<string> => {
  const person = callerOf(who);
  await service.auth.people.signedIn(person);
  const session = { person, authenticatedAt: Math.floor(Date.now() / 1000) };
  const cookie = (await service.auth.sessions.begin(session, undefined)).split(';', 1)[0] ?? '';
  const csrf = (await service.auth.sessions.find(cookie))?.csrfToken ?? '';
  const form = fields && new URLSearchParams({ csrf, ...fields }).toString();
  const response = await service.app.inject({
    url,
    headers: {
      host,
      cookie,
      accept: 'text/html',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { method: 'POST', payload: form }),
  });
  return `${response.statusCode} ${response.headers.location ?? ''} ${response.body}`;
};

const hash = { approval_hash: 'v3:guessed' };
/** What is asked about one operation. Those that only look show it to whoever may. */
const looks: Readonly<Record<string, Ask>> = {
  get_operation: (who, operation_id) => tool(who, 'get_operation', { operation_id }),
  wait_for_operation: (who, operation_id) => tool(who, 'wait_for_operation', { operation_id, seconds: 1 }),
  'get_audit_log of it': (who, operation_id) => tool(who, 'get_audit_log', { operation_id, limit: 1 }),
  'the resource': (who, id) => rpc(who, 'resources/read', { uri: `countersign://operations/${id}` }),
  'REST get_operation': (who, operation_id) =>
    rest(who, 'POST', '/mcp/execute-tool', { tool: 'get_operation', params: { operation_id } }),
  'REST audit logs of it': (who, id) => rest(who, 'GET', `/mcp/audit-logs?operation_id=${id}&limit=1`),
  'its page': (who, id) => page(who, `/operations/${id}`),
  'its approval page': (who, id) => page(who, `/approvals/${id}`),
  'the audit page of it': (who, id) => page(who, `/audit?operation=${id}`),
};
const decides: Readonly<Record<string, Ask>> = {
  ...Object.fromEntries(
    ['approve', 'deny'].map((action): [string, Ask] => [
      `approve_operation: ${action}`,
      (who, operation_id) => tool(who, 'approve_operation', { operation_id, action, comment: 'x', ...hash }),
    ]),
  ),
  confirm_operation: (who, operation_id) => tool(who, 'confirm_operation', { operation_id, ...hash }),
  'confirm_operation: withdraw': (who, operation_id) =>
    tool(who, 'confirm_operation', { operation_id, action: 'withdraw' }),
  rollback_operation: (who, operation_id) => tool(who, 'rollback_operation', { operation_id }),
  ...Object.fromEntries(
    ['approve', 'deny', 'confirm', 'withdraw'].map((action): [string, Ask] => [
      `REST ${action}`,
      (who, operation_id) =>
        rest(who, 'POST', '/mcp/confirm-operation', { operation_id, action, comment: 'x', ...hash }),
    ]),
  ),
  'the form': (who, id) => page(who, `/approvals/${id}`, { decision: 'deny', comment: 'x', ...hash }),
  'the form that denies several': (who, id) => page(who, '/approvals', { operation: `${id} v3:guessed`, comment: 'x' }),
  'the form of its revert': (who, id) => page(who, `/operations/${id}/revert`, {}),
  'the Excel file of its changes': (who, id) => page(who, `/operations/${id}/changes.xlsx`),
  'the file of its changes': (who, id) => page(who, `/operations/${id}/changes.csv`),
  'the export of its records': (who, id) => page(who, '/audit', { format: 'csv', operation: id }),
};
const complete = (who: Somebody, ref: object, name: string, value: string): Promise<string> =>
  rpc(who, 'completion/complete', { ref, argument: { name, value } });
const template = { type: 'ref/resource', uri: 'countersign://operations/{operation_id}' };
/** What lists operations or what was done to them. */
const lists: Readonly<Record<string, Ask>> = {
  list_pending_operations: (who) => tool(who, 'list_pending_operations', {}),
  'list_pending_operations, one a page': (who) => tool(who, 'list_pending_operations', { limit: 1 }),
  'resources/list': (who) => rpc(who, 'resources/list', {}),
  'completion of the resource': (who, id) => complete(who, template, 'operation_id', id.slice(0, 8)),
  'completion of get_operation': (who, id) =>
    complete(who, { type: 'ref/prompt', name: 'get_operation' }, 'operation_id', id.slice(0, 8)),
  'completion of approve_operation': (who, id) =>
    complete(who, { type: 'ref/prompt', name: 'approve_operation' }, 'operation_id', id.slice(0, 8)),
  '/approvals': (who) => page(who, '/approvals'),
  '/operations': (who) => page(who, '/operations'),
  'all operations': (who) => page(who, '/operations?list=all'),
  'a search of those that wait': (who) => page(who, '/approvals?q=secret'),
  'applied operations': (who) => page(who, '/operations?list=all&status=applied'),
};
/** What is one's own: of somebody who asked for a change and has lost the role since. */
const own: Readonly<Record<string, Ask>> = {
  get_audit_log: (who) => tool(who, 'get_audit_log', { limit: 100 }),
  'REST audit logs': (who) => rest(who, 'GET', '/mcp/audit-logs?limit=100'),
  'audit logs of a call': (who) => tool(who, 'get_audit_log', { correlation_id: 'correlation', limit: 1 }),
  'what they asked for': (who) => page(who, '/operations?list=asked'),
};

const readers = (pack: string): Somebody[] =>
  ['viewer', 'analyst', 'approver', 'admin'].map((role) => ({
    personId: `${role}-${pack}`,
    roles: rolesIn(pack, role),
  }));
const foreign = changing.flatMap(({ name: owner }) =>
  packNames.filter((reader) => reader !== owner).map((reader) => ({ owner, reader })),
);

it('there are at least two packs to keep apart', () => {
  expect(changing.length).toBeGreaterThan(1);
});

describe.each(foreign)('an operation of $owner, asked for by readers of $reader', ({ owner, reader }) => {
  const nobody: Somebody = { personId: 'nobody', roles: [] };
  it.each(Object.entries({ ...looks, ...decides }))('%s: as if it did not exist', async (_name, ask) => {
    for (const { operationId } of Object.values(kept.get(owner) ?? {}) as Operation[])
      for (const who of [...readers(reader), nobody]) {
        const [given, absent] = [await ask(who, operationId), await ask(who, nowhere)];
        expect([who, steady(given)]).toEqual([who, steady(absent)]);
        expect(given).not.toContain(marker(owner));
        expect(given).not.toContain('operations:');
      }
  });

  it.each(Object.entries(lists))('%s does not name it', async (_name, ask) => {
    const { waits, applied } = kept.get(owner) ?? {};
    for (const who of [...readers(reader), nobody]) {
      const given = await ask(who, waits?.operationId ?? '');
      for (const leak of [marker(owner), waits?.operationId, applied?.operationId]) expect(given).not.toContain(leak);
      expect(given).not.toMatch(/"next_cursor"|"nextCursor":"[^"]*op_/);
    }
  });

  it.each(Object.entries(own))('%s: whoever asked and lost the role sees nothing of it', async (_name, ask) => {
    const formerly = { personId: asker(owner), roles: rolesIn(reader, 'viewer') };
    const given = await ask(formerly, '');
    for (const leak of [marker(owner), kept.get(owner)?.waits.operationId]) expect(given).not.toContain(leak);
  });
});

describe.each(changing)('an operation of $name, asked for by who may see it', ({ name }) => {
  const admin: Somebody = { personId: 'root', roles: ['admin'] };
  it.each(Object.entries(looks).filter(([way]) => !/audit/.test(way)))('%s shows it', async (_name, ask) => {
    for (const who of [...readers(name), admin])
      expect(await ask(who, kept.get(name)?.waits.operationId ?? '')).toContain(marker(name));
  });

  it.each(Object.entries(lists))('%s names it', async (_name, ask) => {
    const { waits, applied } = kept.get(name) ?? {};
    for (const who of readers(name)) {
      const given = await ask(who, waits?.operationId ?? '');
      expect([waits, applied].some((each) => given.includes(each?.operationId ?? '-'))).toBe(true);
    }
  });

  it.each(Object.entries(own))('%s shows who asked their own', async (_n, ask) => {
    const given = await ask({ personId: asker(name), roles: rolesIn(name, 'viewer') }, '');
    expect(given).toContain(kept.get(name)?.waits.operationId);
  });

  it('a decision is challenged for the scope of its own tool, and for no other', async () => {
    const contract: PackContract = packs[name];
    const of = Object.values(contract.tools).find(({ kind }) => kind === 'change');
    const both: Somebody = { personId: 'both', roles: rolesIn(name, 'viewer') };
    const id = kept.get(name)?.waits.operationId ?? '';
    for (const [way, ask] of Object.entries(decides).filter(([each]) => !each.startsWith('the '))) {
      const given = await ask(both, id);
      expect([way, given.slice(0, 3)]).toEqual([way, '403']);
      expect(given).toContain(/approve|deny/.test(way) ? of?.approve : of?.scope);
    }
  });
});

it('a pack’s own decision takes operations of its own tools only: another’s id is unknown to it', async () => {
  const approver: Somebody = { personId: 'both', roles: packNames.flatMap((name) => rolesIn(name, 'approver')) };
  const decide = (request_id: string) =>
    tool(approver, 'approve_bulk_tagging_request', { request_id, action: 'deny', comment: 'x' });
  const other = changing.find(({ name }) => name === letters)?.name ?? '';
  const [given, absent] = [await decide(kept.get(other)?.waits.operationId ?? ''), await decide(nowhere)];
  expect(steady(given)).toBe(steady(absent));
  expect(given).toContain('not_found');
});
