/** Accounts that people connect: how, by whom they are used, how they end, and every way that was tried to use another person's. */
import { inspect } from 'node:util';
import type { Person } from '../../src/auth/caller.ts';
import type { CallContext } from '../../src/call.ts';
import type { PackServices } from '../../src/packs/pack.ts';
import type { UpstreamCredential } from '../../src/ports/credentials.ts';
import { nothingSeen, openLetters } from '../rigs/letters/open.ts';
import { type SignedIn, startWorld, type World } from '../rigs/letters/world.ts';

let world: World;
let ana: Person;
let ben: Person;
let max: Person;
let mallory: Person;
/** What a dishonest pack kept of the calls it was given. */
const kept: { services?: PackServices; contexts: CallContext[]; credentials: UpstreamCredential[] } = {
  contexts: [],
  credentials: [],
};
const connect = '/apps/accounts/office/connect';
const letters = { part: 'letters' };
const disconnect = '/apps/accounts/office/disconnect';

beforeAll(async () => {
  world = await startWorld('connected', {
    tasks: 2,
    open: async (services) => {
      kept.services = services;
      const { credentials } = services;
      const spied: PackServices = {
        ...services,
        credentials: {
          of: async (provider, context) => {
            const credential = await credentials.of(provider, context);
            kept.contexts.push(context as CallContext);
            kept.credentials.push(credential);
            return credential;
          },
        },
      };
      return openLetters(nothingSeen())(spied);
    },
  });
  ana = world.person('ana', 'letters:analyst' as never);
  ben = world.person('ben', 'letters:approver' as never);
  max = world.person('max', 'letters:admin' as never);
  mallory = world.person('mallory', 'letters:analyst' as never);
});
afterAll(() => world.stop());

const ask = async (to: string, who = ana): Promise<string> => {
  const { result, text } = await world.call(who, 'send_letter', { to, text: `Dear ${to}` });
  if (result === undefined) throw new Error(text);
  return String(result.operation_id);
};
/** Begins to connect, and allows it at the office. @returns where the browser is sent back to */
const begun = async (session: SignedIn, account: string): Promise<string> => {
  const back = new URL(world.office.allow((await session.post(connect, letters)).location, account));
  return back.pathname + back.search;
};

it('are asked for with the page where they are connected', async () => {
  const { error } = await world.call(ana, 'list_letters', {});
  expect(error).toMatchObject({
    code: 'credentials_required',
    details: { provider: 'office', page: 'http://localhost:3000/apps' },
  });
});

it('are connected in the parts that their person chose, and not without a choice', async () => {
  const session = await world.signIn(ana);
  expect((await session.get('/apps')).body).toContain('name="part" value="parcels" checked');
  const { status, body } = await session.post(connect);
  expect(status).toBe(400);
  expect(body).toContain('Choose at least one part of Post office to connect.');
  const both = await session.post(connect, { part: ['letters', 'parcels'] });
  expect(new URL(both.location).searchParams.get('scope')).toBe('openid email letters parcels');
});

it('are connected with PKCE, a state, a nonce and one exact address, and shown on the page of apps', async () => {
  const session = await world.signIn(ana);
  expect((await session.get('/apps')).body).toContain('No account is connected.');
  const { location } = await session.post(connect, letters);
  const asked = Object.fromEntries(new URL(location).searchParams);
  expect(asked).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: 'http://localhost:3000/apps/accounts/office/connected',
    scope: 'openid email letters',
    access_type: 'offline',
  });
  for (const secret of [asked.state, asked.nonce, asked.code_challenge]) expect(secret?.length).toBeGreaterThan(40);
  const back = new URL(world.office.allow(location, 'ana@post'));
  expect(await session.get(back.pathname + back.search)).toMatchObject({
    status: 303,
    location: '/apps?connected=office',
  });
  const { body } = await session.get('/apps?connected=office');
  expect(body).toContain('Your account at Post office is connected.');
  expect(body).toContain('ana@post');
  expect(body).toContain('<code class="value">letters</code>');
  expect((await world.call(ana, 'list_letters', {})).result).toEqual({ letters: [] });
  expect(world.office.calls.at(-1)?.by).toBe('ana@post');
});

it('an approval applies with the account of who asked, whoever approved, and in any task', async () => {
  await world.connect(await world.signIn(max), 'max@post');
  const id = await ask('grace');
  await world.approve(max, id);
  for (let looks = 0; (await world.statusOf(ana, id)) !== 'applied' && looks < 100; looks += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(world.office.letters.get('grace')).toEqual({ text: 'Dear grace', by: 'ana@post' });
  const revert = await world.call(max, 'rollback_operation', { operation_id: id }, undefined, 1);
  const revertId = String(revert.result?.operation_id);
  await world.approve(ben, revertId);
  for (let looks = 0; (await world.statusOf(max, revertId)) !== 'applied' && looks < 100; looks += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(world.office.calls.filter(({ what }) => what.startsWith('PUT')).map(({ by }) => by)).toEqual([
    'ana@post',
    'max@post',
  ]);
});

describe('another person’s', () => {
  it('is connected to nobody by a link that somebody else’s attempt made (login CSRF)', async () => {
    const [attacker, victim] = [await world.signIn(mallory), await world.signIn(ben)];
    const link = await begun(attacker, 'mallory@post');
    expect((await victim.get(link)).status).toBe(403);
    expect((await victim.get('/apps')).body).not.toContain('mallory@post');
    // It was not spent by the try.
    expect((await attacker.get(link)).status).toBe(303);
    await attacker.post(disconnect);
  });

  it('is not taken over by a state that was used, is old, or belongs to another sign-in of the same person', async () => {
    const [first, second] = [await world.signIn(mallory), await world.signIn(mallory)];
    const link = await begun(first, 'mallory@post');
    expect((await second.get(link)).status).toBe(403);
    const twice = await Promise.all([first.get(link), first.get(link)]);
    expect(twice.map(({ status }) => status).toSorted()).toEqual([303, 403]);
    expect((await first.get(link)).status).toBe(403);
    const late = await begun(first, 'other@post');
    world.ahead = 601_000;
    expect((await first.get(late)).status).toBe(403);
    world.ahead = 0;
    expect((await first.get('/apps')).body).not.toContain('other@post');
    await first.post(disconnect);
  });

  it('is not begun by a form from elsewhere, nor ended by one', async () => {
    const session = await world.signIn(ana);
    expect((await session.post(connect, { csrf: 'guessed' })).status).toBe(403);
    expect((await session.post(disconnect, { csrf: 'guessed' })).status).toBe(403);
    expect((await session.post(disconnect, { person: 'max' })).status).toBe(403);
    expect((await session.get('/apps')).body).toContain('ana@post');
  });

  it('two tabs of one person connect what each of them began', async () => {
    const session = await world.signIn(mallory);
    const [one, other] = [await begun(session, 'one@post'), await begun(session, 'two@post')];
    expect([(await session.get(other)).status, (await session.get(one)).status]).toEqual([303, 303]);
    expect((await session.get('/apps')).body).toContain('one@post');
    // The account that was replaced is nobody's any more.
    expect([world.office.standing('one@post'), world.office.standing('two@post')]).toEqual([1, 0]);
    await session.post(disconnect);
  });

  it('is not lent to a call of another person, nor to work that nobody asked for', async () => {
    const { credentials } = kept.services ?? {};
    const [context] = kept.contexts;
    if (credentials === undefined || context === undefined) throw new Error('nothing was called');
    const forged = { ...context, caller: max, authority: undefined };
    // A context that was kept, one without authority, and what only looks like one.
    for (const one of [context, forged, { authority: { person: ana, tool: 'list_letters' } as never }])
      await expect(credentials.of('office', one)).rejects.toThrow('no credential is lent');
    const { upstream } = kept.services ?? {};
    const client = upstream?.open({
      name: 'later',
      base: { variable: 'LETTERS_URL', otherwise: 'http://localhost/v1' },
    });
    const before = world.office.calls.length;
    for (const credential of kept.credentials)
      await expect(
        client?.call({ method: 'GET', path: '/letters', credential, signal: AbortSignal.timeout(1000) }),
      ).rejects.toThrow('the call is over');
    expect(world.office.calls).toHaveLength(before);
    const shown = JSON.stringify(kept.credentials) + inspect(kept.credentials, { depth: 9, showHidden: true });
    for (const token of world.office.tokens) expect(shown).not.toContain(token);
  });

  it('has other keys for caches', () => {
    const holders = new Set(kept.credentials.map(({ holder }) => holder));
    expect(holders.size).toBeGreaterThanOrEqual(2);
  });

  it('is not used by twenty calls at once of two people', async () => {
    await world.connect(await world.signIn(mallory), 'mallory@post');
    await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        world.call(nth % 2 ? ana : mallory, 'list_letters', {}, undefined, nth % 2),
      ),
    );
    const last = world.office.calls.slice(-20).map(({ by }) => by);
    expect(last.filter((by) => by === 'ana@post')).toHaveLength(10);
    expect(last.filter((by) => by === 'mallory@post')).toHaveLength(10);
  });

  it('is nobody’s for whoever reads the store: a row that is moved to another person opens nothing', async () => {
    const { tables } = world;
    const row = await tables.get('upstream-credentials', { userId: 'ana', entry: 'connected|office' });
    if (row === undefined) throw new Error('no row');
    const record = Object(row.record) as { person: object };
    const person = { ...record.person, personId: 'ben' };
    await tables.put('upstream-credentials', { ...row, userId: 'ben', record: { ...record, person } });
    const reader = { ...ben, roles: ['letters:admin' as never] };
    await world.signIn(reader);
    expect((await world.call(reader, 'list_letters', {})).error?.code).toBe('credentials_required');
    await tables.remove('upstream-credentials', { userId: 'ben', entry: 'connected|office' });
  });
});

it('are not used for a person who lost the scope, or is unknown', async () => {
  const id = await ask('late', mallory);
  const { people } = world.tasks[0].auth;
  await people.signedIn({ ...mallory, roles: ['letters:viewer' as never] });
  await world.approve(ben, id);
  await world.tasks[0].pipeline.idle(2000);
  expect([await world.statusOf(mallory, id), world.office.letters.has('late')]).toEqual(['approved', false]);
  await people.signedIn(mallory);
  world.ahead = 60_000;
  await world.tasks[0].pipeline.resume(false);
  world.ahead = 0;
  expect(await world.statusOf(mallory, id)).toBe('applied');
  expect(world.office.letters.get('late')?.by).toBe('mallory@post');
});

it('that the provider ended are told so, are not tried again, and are connected again on the page', async () => {
  world.office.endGrants('mallory@post');
  world.office.expireAccess();
  const told = await world.call(mallory, 'list_letters', {});
  expect(told.error).toMatchObject({
    code: 'credentials_required',
    message: expect.stringContaining('connect it again'),
  });
  const session = await world.signIn(mallory);
  expect((await session.get('/apps')).body).toContain('Post office no longer accepts this account.');
  await world.connect(session, 'mallory@post');
  expect((await world.call(mallory, 'list_letters', {})).error).toBeUndefined();
});

it.each([
  ['deny', 'was told no'],
  ['none', 'gave no lasting access'],
] as const)('nothing is connected where the provider gives nothing: %s', async (answer, why) => {
  const session = await world.signIn(ben);
  world.office.faults.noRefreshToken = answer === 'none';
  const asked = (await session.post(connect, letters)).location;
  const back = new URL(world.office.allow(asked, 'ben@post', answer === 'deny' ? 'deny' : 'allow'));
  const { status, body } = await session.get(back.pathname + back.search);
  world.office.faults.noRefreshToken = false;
  expect([status, body.includes(why)]).toEqual([403, true]);
  expect(world.office.standing('ben@post')).toBe(0);
});

it('are ended at the provider when they are disconnected, and here also while the provider is down', async () => {
  const session = await world.signIn(ana);
  expect((await session.post(disconnect)).location).toBe('/apps?ended=office');
  expect(world.office.standing('ana@post')).toBe(0);
  for (const task of [0, 1])
    expect((await world.call(ana, 'list_letters', {}, undefined, task)).error?.code).toBe('credentials_required');
  await world.connect(session, 'ana@post');
  world.office.faults.revocationDown = true;
  const { location } = await session.post(disconnect);
  world.office.faults.revocationDown = false;
  expect(location).toBe('/apps?forgotten=office');
  expect((await session.get(location)).body).toContain('end it there too');
  expect((await world.call(ana, 'list_letters', {})).error?.code).toBe('credentials_required');
  expect((await session.post(disconnect)).status).toBe(404);
});

it('leave no token, code or client secret in any row, record or line', async () => {
  const everything = await world.everything();
  expect(everything).toContain('"connected":"office"');
  for (const token of [...world.office.tokens, 'a secret between both']) expect(everything).not.toContain(token);
});
