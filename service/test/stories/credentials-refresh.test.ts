/** Refresh tokens that rotate: used once whatever the number of tasks, and lost no sooner than the provider says. */
import { hkdfSync } from 'node:crypto';
import type { Person } from '../../src/auth/caller.ts';
import { createKeyRing } from '../../src/auth/sealed.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { startWorld, type World } from '../rigs/letters/world.ts';

const oldKey = 'k'.repeat(40);
const tables = openMemoryTables();
let world: World;
let ana: Person;
beforeAll(async () => {
  world = await startWorld('connected', { tasks: 2, tables, variables: { CREDENTIALS_KEYS: oldKey } });
  ana = world.person('ana', 'letters:analyst' as never);
  await world.connect(await world.signIn(ana), 'ana@post');
  await list();
});
afterAll(() => world.stop());

const list = (task = 0, of: World = world) => of.call(ana, 'list_letters', {}, undefined, task);
/** What is cached is over, and so is what the provider gave. */
const later = () => {
  world.office.expireAccess();
  world.ahead += 3600_000;
};
const row = async () => {
  const found = await tables.get('upstream-credentials', { userId: 'ana', entry: 'connected|office' });
  if (found === undefined) throw new Error('no row');
  return found;
};

it('keeps the access token until it ends', async () => {
  const before = world.office.refreshes;
  for (const task of [0, 1, 0]) expect((await list(task)).error).toBeUndefined();
  expect(world.office.refreshes).toBe(before);
});

it('refreshes once for twenty calls in two tasks, so that the provider sees no reuse', async () => {
  later();
  const before = world.office.refreshes;
  const answers = await Promise.all(Array.from({ length: 20 }, (_, nth) => list(nth % 2)));
  expect(answers.map(({ error }) => error)).toEqual(answers.map(() => undefined));
  expect(world.office.refreshes).toBe(before + 1);
});

it('takes a new token where the upstream refuses one that should still be good, and calls once more', async () => {
  world.office.expireAccess();
  const before = world.office.refreshes;
  expect((await list()).error).toBeUndefined();
  expect(world.office.refreshes).toBe(before + 1);
});

it('asks again where an answer was lost, and keeps the connection where both were', async () => {
  later();
  world.office.faults.lostAnswers = 1;
  expect((await list()).error).toBeUndefined();
  later();
  world.office.faults.lostAnswers = 2;
  expect((await list()).error?.code).toBe('upstream_error');
  expect((await list(1)).error).toBeUndefined();
});

it('keeps the connection while the provider is down', async () => {
  later();
  world.office.faults.tokenStatus = 503;
  expect((await list()).error).toMatchObject({ code: 'upstream_error', message: expect.stringContaining('Try again') });
  delete world.office.faults.tokenStatus;
  expect((await list()).error).toBeUndefined();
});

it('goes on with what a task left behind that died while it refreshed', async () => {
  later();
  const { record, version, ...rest } = await row();
  const refreshing = { id: 'of a dead task', until: Date.now() + world.ahead - 1 };
  await tables.put('upstream-credentials', { ...rest, version, record: { ...Object(record), refreshing } });
  expect((await list()).error).toBeUndefined();
});

it('does not lose what a refresh gave because another call wrote down that it was used', async () => {
  later();
  const { version, ...rest } = await row();
  const refreshed = list();
  await tables.put('upstream-credentials', { ...rest, version: version + 1 });
  expect((await refreshed).error).toBeUndefined();
  later();
  expect((await list()).error).toBeUndefined();
});

it('revokes what a refresh gave where the account was disconnected meanwhile', async () => {
  const max = world.person('max', 'letters:analyst' as never);
  const session = await world.signIn(max);
  await world.connect(session, 'max@post');
  const [told] = await Promise.all([
    world.call(max, 'list_letters', {}),
    session.post('/apps/accounts/office/disconnect'),
  ]);
  expect([undefined, 'credentials_required', 'upstream_error', 'internal_error']).toContain(told.error?.code);
  expect(world.office.standing('max@post')).toBe(0);
  expect((await world.call(max, 'list_letters', {})).error?.code).toBe('credentials_required');
});

it('is told to connect again where its token was stolen and used: the provider ends the connection', async () => {
  const { sealed, record } = await row();
  const place = ['ana', 'office', String(Object(record).connectionId)];
  const ring = createKeyRing([new Uint8Array(hkdfSync('sha256', oldKey, '', 'countersign/upstream-credentials', 32))]);
  const stolen = ring.open(sealed ?? '', `upstream-credential|${JSON.stringify(place)}`) ?? '';
  const used = await fetch(`${world.office.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: stolen,
      client_id: 'countersign',
      client_secret: 'a secret between both',
    }),
  });
  expect(used.status).toBe(200);
  later();
  expect((await list()).error).toMatchObject({
    code: 'credentials_required',
    message: expect.stringContaining('connect it again'),
  });
  expect((await row()).sealed).toBeUndefined();
  await world.connect(await world.signIn(ana), 'ana@post');
  expect((await list()).error).toBeUndefined();
});
