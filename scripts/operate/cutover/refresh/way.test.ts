/** Cutovers by instance refreshes: the machine, over a group in memory. */
import { goBack } from '../drive.ts';
import { parseUntil } from '../next.ts';
import { end, resume, start, taken } from '../on-world.ts';
import { Killed } from '../world.ts';
import { RefreshWorld } from './memory.ts';

const changes = (world: RefreshWorld) => world.log.filter((call) => /^(begin|cancel|rollBack|smoke)/.test(call));
const seen = (world: RefreshWorld) => ({
  old: world.count('1'),
  new: world.count('2'),
  version: world.version,
  active: world.active?.id,
  state: world.run.state,
  holder: world.run.holder,
});
const finished = { old: 0, new: 4, version: '2', active: undefined, state: 'finished', holder: undefined };
const back = { ...finished, old: 4, new: 0, version: '1', state: 'rolled-back' };

/** What happens once, as soon as it is so. */
const once = (world: RefreshWorld, isSo: () => boolean, happens: () => void): void => {
  world.meanwhile = () => {
    if (!isSo()) return;
    world.meanwhile = () => {};
    happens();
  };
};

describe('a cutover of instances', () => {
  it('replaces a share of them, watches it, and goes on until all are new', async () => {
    const world = new RefreshWorld(10);
    expect(await start(world)).toMatchObject({ outcome: 'reached', run: { state: 'finished' } });
    expect(changes(world)).toEqual([
      'smoke',
      'begin 2 10',
      'cancel',
      'begin 2 50',
      'cancel',
      'begin 2 100',
      // Only now no other version answers.
      'smoke',
    ]);
    expect(seen(world)).toEqual({ ...finished, new: 10 });
    expect(world.run).toMatchObject({
      pace: { shares: [10, 50, 100] },
      weights: { to: { 'template-1': 0, 'template-2': 100 } },
    });
  });

  it.each([
    [1, [100], [1200]],
    [2, [50, 100], [720, 1200]],
    [3, [33, 66, 100], [720, 720, 1200]],
    [4, [25, 50, 100], [720, 720, 1200]],
    [10, [10, 50, 100], [720, 720, 1200]],
  ])('of %i takes shares that are whole instances', async (count, shares, bakes) => {
    const world = new RefreshWorld(count);
    await start(world);
    expect(world.run.pace).toMatchObject({ shares, bakes });
    expect(seen(world)).toEqual({ ...finished, new: count });
  });

  it('lets AWS watch while it bakes: until the next share, and after the last until the run ends', async () => {
    const world = new RefreshWorld();
    world.guards = ['prod-errors', 'prod-slow'];
    world.alarms = ['prod-slow'];
    await start(world);
    const begun = world.all.map(({ beginning }) => beginning).toReversed();
    // An alarm that sounded already would end the refresh at once.
    expect(begun.map(({ alarms, goesBack }) => [goesBack, alarms])).toEqual(Array(3).fill([true, ['prod-errors']]));
    expect(begun.map(({ bakeSeconds }) => bakeSeconds)).toEqual([172_800, 172_800, 60 + 1200 + 330]);
  });

  it('is finished no earlier than AWS has ended, and kept the new version', async () => {
    const world = new RefreshWorld();
    await start(world, parseUntil('holding'));
    expect(seen(world)).toMatchObject({ version: '1', active: 'refresh-3', new: 4 });
    world.time += 330_000;
    const refresh = world.active;
    if (refresh !== undefined) refresh.due = world.time + 90_000;
    await resume(world);
    expect(seen(world)).toEqual(finished);
  });

  it('ends the same when it is resumed, whichever call was the last, done or not', async () => {
    const short = { bakes: [60, 60, 60], poll: 60 };
    const whole = new RefreshWorld();
    await start(whole, end, short);
    expect(whole.calls).toBeGreaterThan(150);
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= whole.calls; at += 1) {
        const world = new RefreshWorld();
        world.killAt(at, when);
        await expect(start(world, end, short)).rejects.toThrow(Killed);
        world.revive();
        if (world.object === undefined) await start(world, end, short);
        else if (world.run.state !== 'finished') await resume(world);
        expect([when, at, seen(world)]).toEqual([when, at, finished]);
      }
  });

  it('goes back the same when it is resumed, whichever call of the way back was the last', async () => {
    const at50 = async (): Promise<RefreshWorld> => {
      const world = new RefreshWorld();
      await start(world, parseUntil('50'), { bakes: [60, 60, 60], poll: 60 });
      world.revive();
      return world;
    };
    const whole = await at50();
    await goBack(await taken(whole), 'asked for');
    expect(seen(whole)).toEqual(back);
    expect(whole.calls).toBeGreaterThan(30);
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= whole.calls; at += 1) {
        const world = await at50();
        world.killAt(at, when);
        await expect(taken(world).then((session) => goBack(session, 'asked for'))).rejects.toThrow(Killed);
        world.revive();
        if (world.run.state !== 'rolled-back') await goBack(await taken(world), 'asked for');
        expect([when, at, seen(world)]).toEqual([when, at, back]);
      }
  });

  it('goes on at AWS while the command is dead, and resume finds how far', async () => {
    const world = new RefreshWorld();
    world.killAt(world.log.length + 40, 'after');
    await expect(start(world)).rejects.toThrow(Killed);
    world.revive();
    world.time += 3600_000;
    expect(await resume(world)).toMatchObject({ outcome: 'reached' });
    expect(changes(world).filter((call) => call === 'begin 2 25')).toHaveLength(1);
    expect(seen(world)).toEqual(finished);
  });

  it('needs no credentials that outlive a whole share: it comes back and looks again', async () => {
    const world = new RefreshWorld();
    once(
      world,
      () => world.active !== undefined,
      () => {
        world.end = new Date(world.time + 300_000);
      },
    );
    expect(await start(world)).toMatchObject({ outcome: 'later', run: { state: 'shifting', holder: undefined } });
    world.end = undefined;
    world.meanwhile = () => {};
    expect((await resume(world)).outcome).toBe('reached');
    expect(seen(world)).toEqual(finished);
  });
});

describe('a cutover of instances goes back', () => {
  it('by one call while AWS is at it, and by another refresh for what an earlier share replaced', async () => {
    const world = new RefreshWorld();
    once(
      world,
      () => world.count('2') === 3,
      () => {
        world.alarms = ['prod-other'];
      },
    );
    expect(await start(world)).toMatchObject({ outcome: 'went-back', says: 'prod-other began to sound' });
    expect(changes(world).slice(-2)).toEqual(['rollBack', 'begin 1 100']);
    expect(seen(world)).toEqual(back);
  });

  it('by itself at AWS on an alarm, of which the command then learns', async () => {
    const world = new RefreshWorld();
    await start(world, parseUntil('50'));
    // The command is not there; AWS is.
    world.alarms = ['prod-errors'];
    await world.fn.refreshes('');
    world.time += 1800_000;
    await world.fn.refreshes('');
    world.alarms = [];
    expect(world.all[0]?.status).toBe('RollbackSuccessful');
    expect(await resume(world)).toMatchObject({
      outcome: 'went-back',
      says: 'AWS ended the instance refresh as RollbackSuccessful: the alarm prod-errors went off',
    });
    expect(seen(world)).toEqual(back);
  });

  it('where AWS cannot take the refresh back: it cancels it and begins another to the old version', async () => {
    const world = new RefreshWorld();
    await start(world, parseUntil('25'));
    world.reversible = false;
    await goBack(await taken(world), 'asked for');
    expect(changes(world).slice(-3)).toEqual(['rollBack', 'cancel', 'begin 1 100']);
    expect(seen(world)).toEqual(back);
  });

  it('after AWS has kept the new version', async () => {
    const world = new RefreshWorld();
    await start(world, parseUntil('holding'));
    world.time += 48 * 3600_000;
    await goBack(await taken(world), 'asked for');
    expect(changes(world).at(-1)).toBe('begin 1 100');
    expect(seen(world)).toEqual(back);
  });

  it('when the new version does not pass the smoke test once it answers alone', async () => {
    const world = new RefreshWorld();
    const { prove } = world;
    world.prove = async () => (world.run.share === 100 ? Promise.reject(await failure()) : prove());
    const failure = async () => new (await import('../ports.ts')).SmokeFailed('/health says version 1');
    expect((await start(world)).says).toContain('the smoke test failed: /health says version 1');
    expect(seen(world)).toEqual(back);
  });

  it('when it does not get on in the time that its instances may take', async () => {
    const world = new RefreshWorld();
    once(
      world,
      () => world.active !== undefined,
      () => {
        if (world.active !== undefined) world.active.due = Number.POSITIVE_INFINITY;
      },
    );
    expect((await start(world)).says).toMatch(/does not come to 25 %: 0 of 4 instances run template-2, Pending/);
    expect(seen(world)).toEqual(back);
  });

  it('no earlier than an instance is in service', async () => {
    const world = new RefreshWorld(1);
    await start(world, parseUntil('holding'));
    world.instances = [];
    once(
      world,
      () => true,
      () => world.instances.push({ version: '1', state: 'InService' }),
    );
    await goBack(await taken(world), 'asked for');
    expect(seen(world)).toEqual({ ...back, old: 1 });
  });

  it('when somebody interrupts it', async () => {
    const world = new RefreshWorld();
    const stop = new AbortController();
    once(
      world,
      () => world.count('2') === 1,
      () => stop.abort(),
    );
    expect(await start(world, end, {}, stop.signal)).toMatchObject({
      outcome: 'went-back',
      says: 'it was interrupted',
    });
    expect(seen(world)).toEqual(back);
  });
});

describe('a cutover of instances ends foreign, and touches nothing more', () => {
  it.each<[what: string, says: string, hand: (world: RefreshWorld) => void]>([
    [
      'an instance of a third version',
      'an instance runs version 3 of',
      (world) => world.instances.push({ version: '3', state: 'InService' }),
    ],
    [
      'another version of the group',
      'the group starts instances from version 3',
      (world) => {
        world.version = '3';
      },
    ],
    [
      'a refresh that somebody else began',
      'refresh-9 was not begun by this run',
      (world) => {
        const beginning = { template: 'lt-1', version: '2', share: 100, bakeSeconds: 0, goesBack: false, alarms: [] };
        world.all.splice(0, 1, {
          id: 'refresh-9',
          status: 'InProgress',
          // As npm run secrets -- rotate begins it: to the version that the group has.
          version: undefined,
          share: 100,
          beginning,
          due: Number.POSITIVE_INFINITY,
          replaced: 0,
        });
      },
    ],
  ])('on %s', async (_, says, hand) => {
    const world = new RefreshWorld();
    await start(world, parseUntil('25'));
    hand(world);
    const before = [structuredClone(world.instances), world.version, changes(world).length];
    expect(await resume(world)).toMatchObject({ outcome: 'foreign', says: expect.stringContaining(says) });
    expect(await goBack(await taken(world), 'asked for')).toMatchObject({ outcome: 'foreign' });
    expect([world.instances, world.version, changes(world).length]).toEqual(before);
  });

  it('but not on instances that scaling adds or takes', async () => {
    const world = new RefreshWorld();
    await start(world, parseUntil('50'));
    world.instances.push({ version: '1', state: 'InService' }, { version: '1', state: 'Pending' });
    expect((await resume(world)).outcome).toBe('reached');
    expect(seen(world)).toEqual({ ...finished, new: 6 });
  });
});

describe('a cutover of instances is refused', () => {
  it.each<[what: string, says: RegExp, arrange: (world: RefreshWorld) => void]>([
    [
      'to the version in service',
      /Version 2 .* runs on all instances and is the newest/,
      (world) => {
        world.version = '2';
        for (const each of world.instances) each.version = '2';
      },
    ],
    [
      'where no number says what to go back to',
      /starts instances from version \$Latest, and a cutover cannot go back to that/,
      (world) => {
        world.version = '$Latest';
      },
    ],
    [
      'over instances of several versions',
      /3 of 4 instances of service are in service with version 1 .* and 1 are not/,
      (world) => {
        world.instances[0] = { version: '2', state: 'InService' };
      },
    ],
    ['while AWS may start none', /Launch of service are suspended/, (world) => world.suspended.push('Launch')],
    ['where there is nothing to replace', /is set to run no instance/, (world) => world.instances.splice(0)],
    [
      'to another image than that of the settings',
      /is to run service:3, and the settings say service:2/,
      (world) => {
        world.versions[2] = 'service:3';
      },
    ],
  ])('%s', async (_, says, arrange) => {
    const world = new RefreshWorld();
    arrange(world);
    await expect(start(world)).rejects.toThrow(says);
    expect([world.object, world.all]).toEqual([undefined, []]);
  });

  it('while an instance refresh is under way', async () => {
    const world = new RefreshWorld();
    await world.fn.begin({ template: 'lt-1', version: '2', share: 100, bakeSeconds: 0, goesBack: false, alarms: [] });
    await expect(start(world)).rejects.toThrow(/instance refresh refresh-1 of service is Pending/);
  });
});
