/** The machine of a cutover, in a world whose clock and calls are the test's own. */
import { begin, prepare } from './begin.ts';
import { type Driven, driveShift, goBack } from './drive.ts';
import { holderNow, takeOver } from './holder.ts';
import { parseUntil } from './next.ts';
import { beginning, end, holder, resume, start, taken, who } from './on-world.ts';
import { SmokeFailed } from './ports.ts';
import type { Holder } from './run.ts';
import { sampleRun } from './sample.ts';
import { tooEarly } from './steps/hold.ts';
import { Killed, World } from './world.ts';

/** What somebody else sees of a world. */
const seen = ({ weights, counts, run }: World) => ({ weights, counts, state: run.state, holder: run.holder });

const finished = {
  weights: { blue: 0, green: 100 },
  counts: {
    blue: { desired: 0, bounds: { min: 0, max: 10 }, schedules: { night: { min: 0, max: 0 } }, image: 'service:1' },
    green: { desired: 3, bounds: { min: 2, max: 10 }, schedules: { night: { min: 1, max: 2 } }, image: 'service:2' },
  },
  state: 'finished',
  holder: undefined,
};

const before = {
  weights: { blue: 100, green: 0 },
  counts: {
    blue: { desired: 3, bounds: { min: 2, max: 10 }, schedules: { night: { min: 1, max: 2 } }, image: 'service:1' },
    green: { desired: 0, bounds: { min: 0, max: 10 }, schedules: { night: { min: 0, max: 0 } }, image: 'service:2' },
  },
};

describe('a cutover that succeeds', () => {
  it('warms, smokes, shifts 10, 50, 100, and scales the old colour in with its schedules', async () => {
    const world = new World();
    expect(await start(world)).toMatchObject({ outcome: 'reached', run: { state: 'finished' } });
    expect(seen(world)).toEqual(finished);
    expect(world.log.filter((call) => /^(scale|weights|smoke)/.test(call))).toEqual([
      'scale green 3',
      'smoke',
      'weights {"blue":90,"green":10}',
      'weights {"blue":50,"green":50}',
      'weights {"blue":0,"green":100}',
      'scale blue 0',
    ]);
    // 12, 12 and 20 minutes, and a minute after each shift before figures count.
    expect(world.time - Date.parse(world.run.startedAt)).toBeGreaterThanOrEqual((12 + 12 + 20 + 3) * 60_000);
  });

  it('writes what it is about to do before each shift', async () => {
    const world = new World();
    await start(world);
    const written = world.log.filter((call) => /^(write|weights)/.test(call));
    for (const [index, call] of written.entries())
      if (call.startsWith('weights')) expect(written[index - 1]).toBe('write shifting');
  });

  it('stops where it is told to, lets go, and goes on from there', async () => {
    const world = new World();
    for (const [until, state] of [
      ['smoked', 'smoked'],
      ['10', 'baking'],
      ['baking(50)', 'baking'],
      ['holding', 'holding'],
    ] as const) {
      const driven = await (world.object === undefined ? start : resume)(world, parseUntil(until));
      expect(driven).toMatchObject({ outcome: 'reached', run: { state } });
      expect(world.run.holder).toBeUndefined();
      expect(world.run.deadline).toBeUndefined();
      if (state === 'baking') expect(world.run.bakedAt).toBeDefined();
    }
    expect((await resume(world)).run.state).toBe('finished');
    expect(seen(world)).toEqual(finished);
  });

  it('warms up again where days lay between two steps', async () => {
    const world = new World();
    await start(world, parseUntil('10'));
    world.counts.green = { ...(world.counts.green ?? before.counts.green), desired: 1 };
    world.time += 30 * 86_400_000;
    await resume(world);
    expect(world.log.filter((call) => call === 'scale green 3')).toHaveLength(2);
    expect(seen(world)).toEqual(finished);
  });

  it('takes nothing away from a colour that scaling made larger', async () => {
    const world = new World();
    await start(world, parseUntil('50'));
    world.counts.green = { ...(world.counts.green ?? before.counts.green), desired: 7 };
    world.health = (variant, warmth) => {
      world.health = (_, later) => later;
      return variant === 'green' ? { ...warmth, warm: false } : warmth;
    };
    await resume(world, parseUntil('shifting(100)'));
    expect(world.counts.green.desired).toBe(7);
  });

  it('is shifted by hand, one share at a time', async () => {
    const world = new World();
    await start(world, parseUntil('smoked'));
    expect(await driveShift(await taken(world), 30)).toMatchObject({ run: { state: 'baking', share: 30 } });
    expect(world.weights).toEqual({ blue: 70, green: 30 });
    expect(await driveShift(await taken(world), 100)).toMatchObject({ run: { state: 'holding' } });
    await resume(world);
    expect(seen(world)).toEqual(finished);
  });

  it('sends calls of its own where traffic proves nothing', async () => {
    const world = new World();
    world.requests = 0;
    expect(await start(world)).toMatchObject({ run: { state: 'finished' } });
    expect(world.knocks).toBe(60);
    const busy = new World();
    await start(busy);
    expect(busy.knocks).toBe(0);
  });

  it('keeps the old colour at weight 0 for 330 seconds, at 329 still', async () => {
    const world = new World();
    await start(world, parseUntil('holding'), { bakes: [0, 0, 0], settle: 0 });
    const since = Date.parse(world.run.holdingSince ?? '');
    world.meanwhile = () => expect(world.counts.blue?.desired).toBe(3);
    await resume(world);
    expect(world.counts.blue?.desired).toBe(0);
    expect(world.time - since).toBeGreaterThanOrEqual(330_000);
  });

  it('may be finished 330 seconds after the old colour had its last request, and not at 329', () => {
    const at = (seconds: number) => new Date(Date.parse('2026-11-30T10:00:00.000Z') + seconds * 1000);
    const run = sampleRun({ state: 'holding', holdingSince: at(0).toISOString() });
    expect(tooEarly(run, at(329))).toContain('finish from 2026-11-30T10:05:30.000Z on');
    expect(tooEarly(run, at(330))).toBeUndefined();
  });

  it('does not wait for a day, and says when to come back', async () => {
    const world = new World();
    const driven = await start(world, end, { hold: 24 * 3600 });
    expect(driven).toMatchObject({ outcome: 'later', run: { state: 'holding' } });
    expect(driven.says).toMatch(/blue is kept until 2026-12-01T09:\d\d/);
    world.time += 24 * 3600_000;
    expect((await resume(world)).run.state).toBe('finished');
  });
});

describe('a cutover that is killed', () => {
  it('ends the same when it is resumed, whichever call was the last, done or not', async () => {
    const short = { bakes: [60, 60, 60], poll: 60 };
    const whole = new World();
    await start(whole, end, short);
    const calls = whole.calls;
    expect(calls).toBeGreaterThan(100);
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at <= calls; at += 1) {
        const world = new World();
        world.killAt(at, when);
        await expect(start(world, end, short)).rejects.toThrow(Killed);
        world.revive();
        // Before the lock is taken there is nothing to resume.
        const driven = await (world.object === undefined
          ? start(world)
          : world.run.state === 'finished'
            ? undefined
            : resume(world));
        expect([when, at, driven?.outcome ?? 'reached']).toEqual([when, at, 'reached']);
        expect([when, at, seen(world)]).toEqual([when, at, finished]);
      }
  });

  it('goes back the same when it is killed on the way back', async () => {
    const faulty = (): World => {
      const world = new World();
      world.meanwhile = () => {
        if ((world.weights.green ?? 0) === 50) world.alarms = ['prod-errors'];
      };
      return world;
    };
    const whole = faulty();
    expect(await start(whole)).toMatchObject({ outcome: 'went-back', run: { state: 'rolled-back' } });
    const calls = whole.calls;
    for (const when of ['before', 'after'] as const)
      for (let at = calls - 20; at <= calls; at += 1) {
        const world = faulty();
        world.killAt(at, when);
        await expect(start(world)).rejects.toThrow(Killed);
        world.revive();
        if (world.run.state !== 'rolled-back') expect((await resume(world)).outcome).toBe('went-back');
        expect(world.weights).toEqual(before.weights);
        expect(world.run.state).toBe('rolled-back');
      }
  });
});

describe('a cutover that goes back', () => {
  const goesBack = async (arrange: (world: World) => void): Promise<readonly [World, Driven]> => {
    const world = new World();
    arrange(world);
    return [world, await start(world)];
  };

  it.each<[what: string, reason: RegExp, arrange: (world: World) => void]>([
    [
      'an alarm begins to sound in a bake',
      /prod-p99 began to sound/,
      (world) => {
        world.alarms = ['prod-old'];
        world.meanwhile = () => {
          if (world.run.state === 'baking') world.alarms = ['prod-old', 'prod-p99'];
        };
      },
    ],
    [
      'more than 1 % and more than two answers of a minute are 5xx, in two of three minutes',
      /3 of 20 and 3 of 20/,
      (world) => {
        world.figure = (figure, minute) => ({ ...figure, errors: minute === 2 || minute === 4 ? 3 : 0 });
      },
    ],
    [
      'p99 is above the alarm and above 1.5 times the old one for three minutes',
      /p99/,
      (world) => {
        world.figure = (figure, minute) => ({ ...figure, p99: minute > 3 && minute < 7 ? 5001 : 200 });
      },
    ],
    [
      'targets were unhealthy twice',
      /unhealthy twice/,
      (world) => {
        world.figure = (figure, minute) => ({ ...figure, unhealthy: minute === 1 || minute === 5 ? 1 : 0 });
      },
    ],
    [
      'the load balancer answered 5xx twice',
      /load balancer itself/,
      (world) => {
        world.figure = (figure, minute) => ({ ...figure, balancerErrors: minute < 2 ? 1 : 0 });
      },
    ],
    [
      'its deployment fails',
      /circuit breaker/,
      (world) => {
        world.health = (variant, warmth) =>
          variant === 'green' && world.weights.green === 50 ? { ...warmth, failed: 'circuit breaker' } : warmth;
      },
    ],
    [
      'neither traffic nor calls prove it by the deadline',
      /unproven at its deadline/,
      (world) => {
        world.requests = 0;
        world.ports.smoke.knock = async () => 0;
      },
    ],
  ])('when %s', async (_, reason, arrange) => {
    const [world, driven] = await goesBack(arrange);
    expect(driven).toMatchObject({ outcome: 'went-back', run: { state: 'rolled-back', holder: undefined } });
    expect(driven.says).toMatch(reason);
    expect(world.run.reasons.join()).toMatch(reason);
    expect(world.weights).toEqual(before.weights);
  });

  it.each<[what: string, arrange: (world: World) => void]>([
    [
      'two errors of a minute, however many minutes',
      (world) => {
        world.figure = (figure) => ({ ...figure, errors: 2 });
      },
    ],
    [
      'three errors in one minute of three',
      (world) => {
        world.figure = (figure, minute) => ({ ...figure, errors: minute % 3 === 0 ? 3 : 0 });
      },
    ],
    [
      '1 % of many requests',
      (world) => {
        world.figure = (figure) => ({ ...figure, requests: 1000, errors: 10 });
      },
    ],
    [
      'a slow p99 where the old one is as slow',
      (world) => {
        world.figure = (figure) => ({ ...figure, p99: 9000, p99Old: 6000 });
      },
    ],
    [
      'a slow p99 for two minutes of three',
      (world) => {
        world.figure = (figure, minute) => ({ ...figure, p99: minute % 3 === 0 ? 200 : 9000 });
      },
    ],
    [
      'an unhealthy target once in a bake',
      (world) => {
        world.figure = (figure, minute) => ({ ...figure, unhealthy: minute === 3 ? 1 : 0 });
      },
    ],
    [
      'an alarm that sounded before',
      (world) => {
        world.alarms = ['prod-old'];
      },
    ],
  ])('is not brought about by %s', async (_, arrange) => {
    const [, driven] = await goesBack(arrange);
    expect(driven).toMatchObject({ outcome: 'reached', run: { state: 'finished' } });
  });

  it('brings the old colour up first where it was scaled in meanwhile', async () => {
    const [world] = await goesBack((each) => {
      each.meanwhile = () => {
        if (each.weights.green !== 100) return;
        each.counts.blue = { ...before.counts.blue, desired: 2 };
        each.alarms = ['prod-errors'];
      };
    });
    const calls = world.log.filter((call) => /^(scale blue|weights)/.test(call));
    expect(calls.slice(-2)).toEqual(['scale blue 3', 'weights {"blue":100,"green":0}']);
  });

  it('scales the new colour in before the first shift, with its schedules', async () => {
    for (const arrange of [
      (world: World) => {
        world.prove = async () => {
          throw new SmokeFailed('/health says version 1.0.0, not 2.0.0');
        };
      },
      (world: World) => {
        world.health = (variant, warmth) => (variant === 'green' ? { ...warmth, warm: false } : warmth);
      },
    ]) {
      const [world, driven] = await goesBack(arrange);
      expect(driven).toMatchObject({ outcome: 'went-back', run: { state: 'aborted' } });
      expect(seen(world)).toMatchObject(before);
      expect(world.log.some((call) => call.startsWith('weights'))).toBe(false);
    }
  });

  it('waits 15 minutes for the new colour to become healthy, and no longer', async () => {
    const [world] = await goesBack((each) => {
      each.health = (variant, warmth) => (variant === 'green' ? { ...warmth, warm: false } : warmth);
    });
    const seconds = (world.time - Date.parse(world.run.startedAt)) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(900);
    expect(seconds).toBeLessThan(930);
  });

  it.each([10, 50, 100])('when it is interrupted at %d percent', async (share) => {
    const world = new World();
    const stop = new AbortController();
    world.meanwhile = () => {
      if (world.weights.green === share) stop.abort();
    };
    expect(await start(world, end, {}, stop.signal)).toMatchObject({
      outcome: 'went-back',
      says: 'it was interrupted',
    });
    expect(world.weights).toEqual(before.weights);
    expect(world.run.state).toBe('rolled-back');
  });

  it('for good, where a call of the process before arrives late', async () => {
    const world = new World();
    await start(world, parseUntil('10'));
    const session = await taken(world);
    let late = false;
    world.meanwhile = () => {
      if (late || world.weights.blue !== 100) return;
      late = true;
      world.weights = { blue: 90, green: 10 };
    };
    expect(await goBack(session, 'asked for')).toMatchObject({ run: { state: 'rolled-back' } });
    expect(late).toBe(true);
    expect(world.weights).toEqual(before.weights);
  });

  it('to no task, where an earlier run left an aborted colour warm', async () => {
    const world = new World();
    world.counts.green = { ...(world.counts.green ?? before.counts.green), desired: 3, bounds: { min: 3, max: 10 } };
    await start(world, parseUntil('smoked'));
    await goBack(await taken(world), 'asked for');
    expect(seen(world)).toMatchObject(before);
  });

  it('when an operator says so, and from holding as well', async () => {
    const world = new World();
    await start(world, parseUntil('holding'));
    expect(await goBack(await taken(world), 'asked for')).toMatchObject({ run: { state: 'rolled-back' } });
    expect(world.weights).toEqual(before.weights);
    expect(world.counts.blue).toEqual(before.counts.blue);
  });

  it('when a call fails for good while traffic is split', async () => {
    const world = new World();
    world.ports.way.figures = async () => {
      throw new Error('no such metric');
    };
    expect(await start(world)).toMatchObject({ outcome: 'went-back', run: { state: 'rolled-back' } });
  });

  it('when AWS does not answer until the deadline, and not before', async () => {
    const world = new World();
    const { figures } = world.ports.way;
    const throttled = Object.assign(new Error('Rate exceeded'), { $metadata: {} });
    let refused = 0;
    world.ports.way.figures = async (...args) => {
      if (world.weights.green === 10 && refused < 5) {
        refused += 1;
        throw throttled;
      }
      if (world.weights.green === 50) throw throttled;
      return figures(...args);
    };
    expect((await start(world)).says).toContain('the bake at 50 % is unproven at its deadline');
    expect(refused).toBe(5);
  });
});

describe('weights that no run wrote', () => {
  const byHand = async (): Promise<World> => {
    const world = new World();
    world.meanwhile = () => {
      if (world.run.state === 'baking' && world.run.share === 50) world.weights = { blue: 70, green: 30 };
    };
    expect(await start(world)).toMatchObject({ outcome: 'foreign', run: { state: 'foreign', was: 'baking' } });
    // Seen in the bake, not at the next shift.
    expect(world.run.bakedAt).toBeUndefined();
    world.meanwhile = () => {};
    return world;
  };
  const touched = (world: World): readonly string[] => world.log.filter((call) => /^(scale|weights)/.test(call));

  it('end it as foreign, and neither resume nor rollback touches anything', async () => {
    const world = await byHand();
    const until = touched(world).length;
    expect(await resume(world)).toMatchObject({
      outcome: 'foreign',
      says: expect.stringContaining('blue 70, green 30'),
    });
    expect(await goBack(await taken(world), 'asked for')).toMatchObject({ outcome: 'foreign' });
    expect(touched(world)).toHaveLength(until);
    expect(world.weights).toEqual({ blue: 70, green: 30 });
    expect(world.run).toMatchObject({ state: 'foreign', was: 'baking' });
  });

  it('set to those of the run again, it goes on; set to those before it, it is rolled back', async () => {
    const world = await byHand();
    world.weights = { blue: 50, green: 50 };
    expect((await resume(world)).run.state).toBe('finished');
    const other = await byHand();
    other.weights = { blue: 100, green: 0 };
    expect(await goBack(await taken(other), 'asked for')).toMatchObject({ run: { state: 'rolled-back' } });
  });

  it.each(['warming', 'warm', 'smoked', 'shifting', 'holding'] as const)(
    'are seen when it is resumed at %s',
    async (state) => {
      const world = new World();
      await start(world, parseUntil(state === 'holding' ? 'holding' : 'smoked'));
      const kept = await world.store.read();
      if (kept === undefined) throw new Error('no run');
      const weights = { saved: before.weights, from: before.weights, to: { blue: 90, green: 10 } };
      if (state !== 'holding')
        await world.store.replace({ ...kept.run, state, ...(state === 'shifting' && { share: 10, weights }) }, kept);
      world.weights = { blue: 33, green: 67 };
      const until = touched(world).length;
      expect((await resume(world)).outcome).toBe('foreign');
      expect(touched(world)).toHaveLength(until);
    },
  );

  it('are stickiness that somebody switched on, too', async () => {
    const world = new World();
    await start(world, parseUntil('10'));
    world.odd = 'stickiness is on';
    expect((await resume(world)).says).toContain('stickiness is on');
  });
});

describe('credentials', () => {
  it('that end inside a bake begin none: it stops, and resumes with others', async () => {
    const world = new World();
    const whole = new World();
    await start(whole, parseUntil('10'));
    world.end = new Date(whole.time + 20 * 60_000);
    const driven = await start(world);
    expect(driven).toMatchObject({ outcome: 'later', run: { state: 'baking', share: 10, holder: undefined } });
    expect(driven.says).toMatch(/credentials end at .* the bake at 50 % may last until .* then resume/);
    expect(world.weights).toEqual({ blue: 90, green: 10 });
    world.end = undefined;
    await resume(world);
    expect(seen(world)).toEqual(finished);
  });
});

describe('credentials, whenever they end', () => {
  it('leave no share of the traffic unwatched', async () => {
    for (let minute = 0; minute <= 90; minute += 1) {
      const world = new World();
      world.end = new Date(world.time + minute * 60_000);
      await start(world);
      const { state, bakedAt } = world.run;
      expect([minute, state, bakedAt !== undefined || state !== 'baking']).toEqual([minute, state, true]);
      expect(['started', 'warm', 'smoked', 'baking', 'holding', 'finished']).toContain(state);
    }
  });
});

describe('who drives it', () => {
  it('of two that start, one names the other', async () => {
    const world = new World();
    await start(world, parseUntil('smoked'));
    await expect(start(world)).rejects.toThrow(
      /A cutover of prod in us-east-1 is open: \S+ of arn:aws:iam::111122223333:user\/ada, begun \S+, is smoked\./,
    );
    const both = new World();
    const first = await prepare(both.store, both.ports, beginning(), holder(both));
    const second = await prepare(both.store, both.ports, beginning(), holder(both));
    await begin(both.store, first.run, first.over);
    await expect(begin(both.store, second.run, second.over)).rejects.toThrow(first.run.run);
  });

  it('begins anew over one that has ended', async () => {
    const world = new World();
    await start(world);
    const { run } = world.run;
    world.counts = { blue: before.counts.green, green: before.counts.blue };
    world.weights = { ...before.weights };
    await start(world, parseUntil('warm'));
    expect(world.run.run).not.toBe(run);
  });

  const heldBy = async (changes: Partial<Holder>): Promise<World> => {
    const world = new World();
    await start(world, parseUntil('10'));
    const kept = await world.store.read();
    if (kept === undefined) throw new Error('no run');
    const heartbeat = new Date(world.time).toISOString();
    const deadline = new Date(world.time + 600_000).toISOString();
    await world.store.replace({ ...kept.run, holder: { ...holder(world), ...changes }, heartbeat, deadline }, kept);
    return world;
  };
  const take = (world: World, more: Partial<Parameters<typeof takeOver>[0]> = {}) =>
    takeOver({
      store: world.store,
      clock: world.ports.clock,
      me: holder(world),
      steal: false,
      urgent: false,
      say: () => {},
      ...more,
    });

  it('is taken over at once where its process here is dead, and never where it lives', async () => {
    expect((await take(await heldBy({}))).run.holder?.who).toBe(who);
    const { pid } = holderNow(who, new Date());
    await expect(take(await heldBy({ pid }))).rejects.toThrow('It still runs');
  });

  it('of the same identity elsewhere is waited for, and taken over when it is silent', async () => {
    const world = await heldBy({ host: 'runner-7' });
    const since = world.time;
    expect((await take(world)).run.holder?.host).not.toBe('runner-7');
    expect(world.time - since).toBe(90_000);
    const alive = await heldBy({ host: 'runner-7' });
    alive.meanwhile = () => {
      if (alive.object !== undefined) alive.object.etag = 'moved';
    };
    await expect(take(alive)).rejects.toThrow('It still runs');
  });

  it('of somebody else is stolen from 15 minutes after its deadline on, with --steal', async () => {
    const world = await heldBy({ host: 'elsewhere', who: 'arn:aws:iam::111122223333:user/grace' });
    await expect(take(world, { steal: true })).rejects.toThrow(/user\/grace .* --steal takes it over from/);
    world.time += 600_000 + 15 * 60_000 - 1;
    await expect(take(world, { steal: true })).rejects.toThrow('It is not yours');
    world.time += 1;
    await expect(take(world)).rejects.toThrow('--steal takes it over.');
    expect((await take(world, { steal: true })).run.holder?.who).toBe(who);
  });

  it('does not matter to a rollback', async () => {
    const world = await heldBy({ host: 'elsewhere', who: 'arn:aws:iam::111122223333:user/grace' });
    expect((await take(world, { urgent: true })).run.holder?.who).toBe(who);
  });

  it('stops when another takes over, and touches nothing more', async () => {
    const world = new World();
    let touched = -1;
    world.meanwhile = () => {
      if (world.weights.green !== 50 || touched >= 0 || world.object === undefined) return;
      world.object.etag = '999';
      touched = world.log.filter((call) => /^(scale|weights)/.test(call)).length;
    };
    await expect(start(world)).rejects.toThrow('Another process has taken this cutover over');
    expect(world.log.filter((call) => /^(scale|weights)/.test(call))).toHaveLength(touched);
  });
});
