import { pino } from 'pino';
import { createKeyRing } from '../auth/sealed.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import { createConnect } from './connect.ts';
import { createConnections } from './connections.ts';
import { createOauthClient } from './oauth-client.ts';
import type { Provider } from './providers.ts';

const provider: Provider = {
  ...{ name: 'maps', pack: 'atlas', title: 'Maps', way: 'connected', header: 'x-maps-token' },
  ...{ issuer: 'https://maps.example.com', authorization: 'https://maps.example.com/agree' },
  ...{ token: 'https://maps.example.com/token', clientId: 'id', clientSecret: 'secret', parameters: {} },
  scopes: ['email'],
  parts: new Map([
    ['roads', { title: 'Roads', scopes: ['roads.read'] }],
    ['rivers', { title: 'Rivers', scopes: ['rivers.read', 'rivers.write'] }],
  ]),
  tools: new Map(),
};
const person = { personId: 'ana', name: 'Ana', email: 'ana@example.com', roles: [] };
const by = {
  person,
  csrfToken: 'of this sign-in',
  origin: { kind: 'request', via: 'page', correlationId: 'c', ipAddress: '192.0.2.7', userAgent: 'test' },
} as const;

const open = (granted?: readonly string[]) => {
  const now = () => new Date('2026-11-20T09:00:00Z');
  const tables = openMemoryTables({ now });
  const sealer = createKeyRing([new Uint8Array(32).fill(7)]);
  const connections = createConnections({ tables, sealer, now });
  const client = createOauthClient(provider);
  const redeem = async () => ({
    ...{ access: 'access', seconds: 300, refresh: 'refresh' },
    ...(granted !== undefined && { scopes: granted }),
  });
  const connect = createConnect({
    ...{ tables, connections, sealer, now, publicUrl: 'https://mcp.example.com', log: pino({ level: 'silent' }) },
    clientOf: () => ({ ...client, redeem }),
    audit: {
      appendWith: async (event, { writes }) => {
        const record = { ...event, timestamp: now().toISOString(), sequence: 1, previousHash: '', hash: '' };
        return (await tables.transact(writes)) ? record : undefined;
      },
    },
  });
  const begin = async (...chosen: string[]) => new URL(await connect.begin(provider, by, chosen)).searchParams;
  const finish = async (asked: URLSearchParams) => {
    await connect.finish(provider, `code=1&state=${asked.get('state')}`, by);
    return (await connections.find(provider, person))?.scopes;
  };
  return { begin, finish };
};

describe('connecting parts of a provider', () => {
  it('asks for the scopes of what was chosen, beside those of each connection, and of nothing else', async () => {
    const { begin } = open();
    expect((await begin('rivers')).get('scope')).toBe('email rivers.read rivers.write');
    expect((await begin('roads', 'seas')).get('scope')).toBe('email roads.read');
  });

  it('wants at least one, and begins nothing before', async () => {
    const { begin } = open();
    for (const chosen of [[], ['seas']])
      await expect(begin(...chosen)).rejects.toMatchObject({ code: 'invalid_input', message: /one part of Maps/ });
  });

  it('keeps what the provider says it allowed, with what was allowed before; and what was asked for where it does not say', async () => {
    const all = ['email', 'roads.read', 'rivers.read', 'rivers.write'];
    const saying = open(all);
    expect(await saying.finish(await saying.begin('roads'))).toEqual(all);
    const silent = open();
    expect(await silent.finish(await silent.begin('roads'))).toEqual(['email', 'roads.read']);
  });
});
