/** What a cutover does not begin, or touch: weights that somebody else set, and steps that credentials do not outlive. */
import { goBack } from './drive.ts';
import { parseUntil } from './next.ts';
import { before, finished, resume, seen, start, taken } from './on-world.ts';
import { World } from './world.ts';

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
