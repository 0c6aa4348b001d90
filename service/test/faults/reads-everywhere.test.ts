/** Two whole services, one in each region: with a token of the home the other region answers reads, and no change. */
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { parseConfig } from '../../src/config.ts';
import { guardTables } from '../../src/home/guarded-tables.ts';
import { watchHome } from '../../src/home/home.ts';
import { assemble } from '../../src/start/assemble.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';
import { Replicated, rowsOf } from '../rigs/replicated.ts';
import { openMint } from './mint.ts';

const now = () => new Date();
const log = pino({ level: 'silent' });
const config = parseConfig({
  ENCRYPTION_KEY: 'one key for both regions, as long as it has to be',
  PUBLIC_URL: 'http://localhost:3999',
  STORE: 'postgres',
  DATABASE_URL: 'postgres://unused',
});

describe('a service that only reads', () => {
  const stores = new Replicated({ now, seed: 1 });
  const apps: FastifyInstance[] = [];
  const tables = (['us-east-1', 'eu-west-1'] as const).map((region, place) => {
    const register = { read: async () => undefined, readElsewhere: async () => [], close: () => {} };
    const home = watchHome({ register, region, initial: 'us-east-1', now, log });
    const own = stores.regions[place === 0 ? 0 : 1];
    return { home, tables: guardTables(own, home) };
  });
  let token: string;

  beforeAll(async () => {
    for (const state of tables) {
      await state.home.look();
      const parts = { config, metrics: { count: () => {}, observe: () => {}, set: () => {} }, log, now };
      const ephemeral = openMemoryEphemeral();
      const service = await assemble({
        ...parts,
        state: { ...state, ephemeral, exclusive: false },
        draining: () => false,
      });
      apps.push(service.app);
      await stores.arrive();
    }
    const [home] = stores.regions;
    const seconds = Math.floor(Date.now() / 1000);
    const expirationTime = seconds + 3600;
    const signedInAt = now().toISOString();
    await home.insert('oauth-sessions', {
      sessionId: 'grant',
      userId: 'ana',
      clientId: 'client',
      accessTokenHash: 'a',
      scopes: ['tag:read', 'tag:write'],
      createdAt: signedInAt,
      expiresAt: new Date(expirationTime * 1000).toISOString(),
      expirationTime,
    });
    await stores.arrive();
    const mint = await openMint(config, home);
    token = await mint.sign({
      iss: config.ISSUER,
      aud: config.RESOURCE,
      sub: 'ana',
      client_id: 'client',
      scope: 'tag:read tag:write',
      gid: 'grant',
      auth_time: seconds,
      roles: ['analyst'],
      iat: seconds,
      exp: expirationTime,
      jti: 'token',
    });
  });

  const execute = async (place: 0 | 1, tool: string, params: unknown) => {
    const answer = await apps[place]?.inject({
      method: 'POST',
      url: '/mcp/execute-tool',
      headers: { authorization: `Bearer ${token}`, host: 'localhost:3999' },
      payload: { tool, params },
    });
    return { status: answer?.statusCode, body: answer?.json() };
  };

  it('answers what is read with a token of the home, and keeps a record of it', async () => {
    const answer = await execute(1, 'find_untagged_resources', { limit: 5 });
    expect(answer).toMatchObject({ status: 200 });
    expect(await execute(1, 'check_tag_compliance', {})).toMatchObject({ status: 200 });
    const heads = (await rowsOf(stores.regions[1], 'audit-heads')) as { userId: string }[];
    expect(heads.map(({ userId }) => userId)).toEqual(['ana (read in eu-west-1)']);
  });

  it('refuses a change with the name of the home, and has it made there', async () => {
    const found = await execute(1, 'find_untagged_resources', { limit: 5 });
    const [arn] = JSON.stringify(found.body).match(/arn:aws:[^"]+/g) ?? [];
    const change = { resource_arns: [arn], tags: { Owner: 'ana@example.com' } };
    const refused = await execute(1, 'bulk_tag_resources', change);
    expect(refused.status).toBe(503);
    expect(JSON.stringify(refused.body)).toMatch(/not_home.*home region us-east-1/);
    expect(await execute(0, 'bulk_tag_resources', change)).toMatchObject({ status: 200 });
  });

  it('says in /health which region is the home, and whether it writes', async () => {
    const health = async (place: 0 | 1) => (await apps[place]?.inject('/health'))?.json();
    expect(await health(0)).toMatchObject({ home: { region: 'us-east-1', epoch: 0, writes: true } });
    expect(await health(1)).toMatchObject({ home: { region: 'us-east-1', epoch: 0, writes: false } });
  });
});
