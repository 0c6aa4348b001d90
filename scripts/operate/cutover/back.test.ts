/** A cutover that goes back, in a world whose clock and calls are the test's own. */
import { type Driven, goBack } from './drive.ts';
import { parseUntil } from './next.ts';
import { before, end, seen, start, taken } from './on-world.ts';
import { SmokeFailed } from './ports.ts';
import { World } from './world.ts';

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
