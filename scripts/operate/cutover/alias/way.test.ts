/** Cutovers by the weights of an alias: the machine, over a function in memory. */
import { goBack } from '../drive.ts';
import { parseUntil } from '../next.ts';
import { end, resume, start, taken } from '../on-world.ts';
import { Killed } from '../world.ts';
import { AliasMoved } from './function.ts';
import { AliasWorld } from './memory.ts';

const seen = ({ alias, warm, run }: AliasWorld) => ({ alias, warm, state: run.state, holder: run.holder });
const three = { requested: 3, available: 3, status: 'READY' };
const finished = { alias: { version: '2', others: {} }, warm: { 2: three }, state: 'finished', holder: undefined };
const changes = (world: AliasWorld) => world.log.filter((call) => /^(update|provision |unprovision|smoke)/.test(call));

describe('a cutover of a function', () => {
  it('warms the new version, looks at it, shifts 10, 50, 100 and lets the old one go cold', async () => {
    const world = new AliasWorld();
    world.warm = { 1: { requested: 2, available: 2, status: 'READY' } };
    expect(await start(world)).toMatchObject({ outcome: 'reached', run: { state: 'finished' } });
    expect(changes(world)).toEqual([
      'provision 2 3',
      'smoke',
      'update {"version":"1","others":{"2":0.1}}',
      'update {"version":"1","others":{"2":0.5}}',
      'update {"version":"2","others":{}}',
      'unprovision 1',
    ]);
    expect(seen(world)).toEqual(finished);
    expect(world.run.weights.to).toEqual({ 'version-1': 0, 'version-2': 100 });
  });

  it('waits until what is kept warm is READY before it shifts', async () => {
    const world = new AliasWorld();
    world.becomes = (requested) => ({ requested, available: 1, status: 'IN_PROGRESS' });
    let looks = 0;
    world.meanwhile = () => {
      looks += 1;
      expect(world.alias.others).toEqual({});
      if (looks === 5) world.warm[2] = { requested: 3, available: 3, status: 'READY' };
      if (looks === 5) world.meanwhile = () => {};
    };
    expect((await start(world)).run.state).toBe('finished');
    expect(looks).toBe(5);
  });

  it('is aborted where the version cannot be kept warm, or failed', async () => {
    const world = new AliasWorld();
    world.becomes = (requested) => ({
      requested,
      available: 0,
      status: 'FAILED',
      reason: 'the account is at its limit',
    });
    expect(await start(world)).toMatchObject({ outcome: 'went-back', run: { state: 'aborted' } });
    expect(world.run.reasons.join()).toContain('cannot be kept warm: the account is at its limit');
    expect(world.warm).toEqual({});
    const broken = new AliasWorld();
    broken.state = (version) => (version === '2' ? { state: 'Failed', reason: 'no subnet' } : { state: 'Active' });
    expect((await start(broken)).says).toContain('it failed: no subnet');
  });

  it('waits for a version that is Pending', async () => {
    const world = new AliasWorld();
    world.state = () => ({ state: 'Pending' });
    expect(await start(world)).toMatchObject({ outcome: 'went-back', run: { state: 'aborted' } });
    expect(world.run.reasons.join()).toContain('is not healthy after 900 s: it is Pending');
  });

  it('ends the same when it is resumed, whichever call was the last, done or not', async () => {
    const short = { bakes: [60, 60, 60], poll: 60 };
    const whole = new AliasWorld();
    await start(whole, end, short);
    expect(whole.calls).toBeGreaterThan(100);
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= whole.calls; at += 1) {
        const world = new AliasWorld();
        world.killAt(at, when);
        await expect(start(world, end, short)).rejects.toThrow(Killed);
        world.revive();
        if (world.object === undefined) await start(world);
        else if (world.run.state !== 'finished') await resume(world);
        expect([when, at, seen(world)]).toEqual([when, at, finished]);
      }
  });

  it('gives all calls back when an alarm sounds in a bake, and waits for no warm-up that the old version never had', async () => {
    const world = new AliasWorld();
    world.meanwhile = () => {
      if (world.alias.others[2] === 0.5) world.alarms = ['prod-errors'];
    };
    expect(await start(world)).toMatchObject({ outcome: 'went-back', run: { state: 'rolled-back' } });
    expect(world.alias).toEqual({ version: '1', others: {} });
    expect(changes(world).at(-1)).toBe('update {"version":"1","others":{}}');
  });

  it('goes back on failed executions of the new version', async () => {
    const world = new AliasWorld();
    world.figure = (figure) => ({ ...figure, errors: figure.requests / 10 });
    expect((await start(world)).says).toContain('200 of 2000 requests of a minute');
    expect(world.alias).toEqual({ version: '1', others: {} });
  });

  it('keeps the old version warm again before it gets calls back', async () => {
    const world = new AliasWorld();
    world.warm = { 1: { requested: 2, available: 2, status: 'READY' } };
    await start(world, parseUntil('holding'));
    delete world.warm[1];
    await goBack(await taken(world), 'asked for');
    expect(changes(world).slice(-2)).toEqual(['provision 1 2', 'update {"version":"1","others":{}}']);
  });

  it.each([
    ['a third version', () => ({ version: '1', others: { 3: 0.5 } })],
    ['another share', () => ({ version: '1', others: { 2: 0.4 } })],
  ])('ends foreign on %s by hand, and touches nothing more', async (_, hand) => {
    const world = new AliasWorld();
    world.meanwhile = () => {
      const { version, others } = hand();
      if (world.alias.others[2] === 0.1) world.set(version, others);
    };
    expect(await start(world)).toMatchObject({ outcome: 'foreign', run: { state: 'foreign', was: 'baking' } });
    expect((await resume(world)).outcome).toBe('foreign');
    expect(world.alias).toEqual(hand());
  });
});

describe('the compare and swap of an alias', () => {
  const smoked = async (): Promise<AliasWorld> => {
    const world = new AliasWorld();
    await start(world, parseUntil('smoked'));
    return world;
  };
  /** Lets something happen between the reading of the alias and its update. */
  const between = (world: AliasWorld, happens: () => void): void => {
    const { update } = world.fn;
    world.fn.update = (to, revision) => {
      happens();
      return update(to, revision);
    };
  };

  it('does not write over what somebody set after it was read', async () => {
    const world = await smoked();
    between(world, () => {
      if (world.alias.version === '1') world.set('2', { 1: 0.3 });
    });
    expect((await resume(world)).outcome).toBe('foreign');
    expect(world.alias).toEqual({ version: '2', others: { 1: 0.3 } });
  });

  it('writes again where the weights are as they were, and gives up after three times', async () => {
    const world = await smoked();
    let left = 1;
    between(world, () => {
      if (left > 0) world.revision += 1;
      left -= 1;
    });
    await resume(world, parseUntil('shifting(10)'));
    expect(world.alias.others).toEqual({ 2: 0.1 });
    const busy = await smoked();
    const { update } = busy.fn;
    let refused = 0;
    busy.fn.update = (to, revision) => {
      refused += 1;
      return refused <= 3 ? Promise.reject(new AliasMoved('busy')) : update(to, revision);
    };
    // Nothing was shifted, so that going back finds the weights of before.
    expect(await resume(busy)).toMatchObject({ outcome: 'went-back', says: 'it could not go on: busy' });
    expect(busy.alias).toEqual({ version: '1', others: {} });
  });

  it('gives no weight to a version that is not there', async () => {
    const world = await smoked();
    const { state } = world.fn;
    let asked = 0;
    world.fn.state = async (version) => {
      asked += 1;
      return asked > 1 ? undefined : state(version);
    };
    expect((await resume(world)).says).toContain('There is no version 1 of service');
    expect(world.alias).toEqual({ version: '1', others: {} });
  });
});

describe('a cutover of a function is refused', () => {
  it.each<[what: string, says: RegExp, arrange: (world: AliasWorld) => void]>([
    ['over split traffic', /split already \(version-1 90, version-2 10\)/, (world) => world.set('1', { 2: 0.1 })],
    ['to the version in service', /Version 2 .* is the newest: npm run deploy publishes/, (world) => world.set('2')],
    [
      'to a version that is not what was uploaded last',
      /changed after version 2 was published/,
      (world) => {
        world.versions = world.versions.map((each) => (each.version === '$LATEST' ? { ...each, code: 'other' } : each));
      },
    ],
    [
      'of an alias that keeps executions warm itself',
      /service:live keeps executions warm itself/,
      (world) => {
        world.warm.live = { requested: 1, available: 1, status: 'READY' };
      },
    ],
  ])('%s', async (_, says, arrange) => {
    const world = new AliasWorld();
    arrange(world);
    await expect(start(world)).rejects.toThrow(says);
    expect(world.object).toBeUndefined();
  });

  it('takes the newest by number, not by its letters', async () => {
    const world = new AliasWorld();
    world.versions = ['$LATEST', '9', '10'].map((version) => ({ version, code: 'same' }));
    world.set('9');
    await start(world, parseUntil('warm'));
    expect(world.run.variants).toEqual({ old: 'version-9', new: 'version-10' });
  });
});
