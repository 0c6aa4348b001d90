/** A cutover that goes its way, in a world whose clock and calls are the test's own, whoever ends the process. */
import { driveShift } from './drive.ts';
import { parseUntil } from './next.ts';
import { before, end, finished, resume, seen, start, taken } from './on-world.ts';
import { sampleRun } from './sample.ts';
import { tooEarly } from './steps/hold.ts';
import { Killed, World } from './world.ts';

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
