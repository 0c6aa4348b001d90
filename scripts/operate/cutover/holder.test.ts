/** Who drives a cutover, and when somebody else may. */
import { begin, prepare } from './begin.ts';
import { holderNow } from './holder.ts';
import { parseUntil } from './next.ts';
import { before, beginning, holder, start, take, who } from './on-world.ts';
import type { Holder } from './run.ts';
import { World } from './world.ts';

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
