/**
 * Two regions, one home. It is killed before and after each of its writes and in the middle of the upstream's, the home
 * moves, and the other region goes on: nothing is applied twice, no chain of the audit log forks, and both stores end the
 * same. Without home and epoch the same world does go wrong, which the last tests show.
 */
import { describe, expect, it } from '@jest/globals';
import { examineAnchors } from '../../src/audit/anchor-view.ts';
import { openAnchoring } from '../../src/audit/anchoring.ts';
import type { Anchors } from '../../src/audit/anchors.ts';
import { verifyChain } from '../../src/audit/verify.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { auditKeys } from '../rigs/audit-keys.ts';
import { memoryAnchors } from '../rigs/audited.ts';
import { ana, ben, everyone } from '../rigs/pipeline.ts';
import { rowsOf } from '../rigs/replicated.ts';
import { openTwoRegions, type Region, type TwoRegions } from '../rigs/two-regions.ts';

const ask = ({ rig }: TwoRegions, { pipeline }: Region, idempotencyKey = 'paint it once'): Promise<Operation> =>
  pipeline.submit(rig.steps, { input: { colour: 'blue', things: ['a', 'b'] }, idempotencyKey }, rig.context(ana));

const approve = async ({ rig }: TwoRegions, { pipeline }: Region, operation: Operation): Promise<Operation> => {
  const { operationId, approvalHash } = operation;
  const input = { operationId, decision: 'approve', approvalHash } as const;
  return pipeline.outcome(await pipeline.decide(input, ben, rig.context(ben)));
};

/** What people do: one asks, another agrees. Both do so again where no answer came the first time. */
const live = async (world: TwoRegions, region: Region): Promise<Operation> => {
  const operation = await ask(world, region);
  return operation.status === 'awaiting-countersign' ? approve(world, region, operation) : operation;
};

const reading = {
  userId: 'ana',
  correlationId: 'c',
  tool: 'get_operation',
  action: 'read',
  result: 'success',
} as const;

const died = new Error('the region is gone');

/** Kills the home at a step of its life. Answers whether the life was that long. */
const dieAt = (world: TwoRegions, step: number, moment: 'before' | 'after' | 'upstream'): (() => boolean) => {
  let dead = false;
  const die = () => {
    dead = true;
    throw died;
  };
  world.stores.onWrite = (place, when, count) => {
    if (place === 0 && (dead || (moment !== 'upstream' && when === moment && count === step))) die();
  };
  let written = 0;
  world.rig.shelf.beforeWrite = () => {
    written += 1;
    if (moment === 'upstream' && !dead && written === step) die();
  };
  return () => dead;
};

const ends = async (world: TwoRegions) => ({
  writes: world.rig.shelf.writes.toSorted(),
  broken: [await world.broken(0), await world.broken(1)],
  operations: (await rowsOf(world.stores.regions[1], 'operations')).length,
});

const once = { writes: ['a', 'b'], broken: [[], []], operations: 1 };

const killed = async (seed: number, step: number, moment: 'before' | 'after' | 'upstream'): Promise<boolean> => {
  const world = openTwoRegions(seed);
  const [home, standby] = world.regions;
  const isDead = dieAt(world, step, moment);
  const asked = live(world, home).catch(() => undefined);
  // Some of it arrives while the home lives, in whatever order.
  await world.stores.arrive(seed % 3);
  await asked;
  await world.moveTo(1);
  await standby.pipeline.resume(false);
  const done = await live(world, standby);
  expect(done).toMatchObject({ status: 'applied', result: { failed: 0, skipped: 0 } });
  await world.stores.arrive();
  expect(await ends(world)).toEqual(once);
  for (const table of ['operations', 'audit-logs', 'audit-heads', 'snapshots', 'claims'] as const)
    expect(await rowsOf(world.stores.regions[0], table)).toEqual(
      expect.arrayContaining(await rowsOf(world.stores.regions[1], table)),
    );
  return isDead();
};

describe('a home region that dies', () => {
  for (const moment of ['before', 'after', 'upstream'] as const)
    it(`has its operation applied once by the region after it, killed ${moment} any of its writes`, async () => {
      const deaths: boolean[] = [];
      for (let step = 1; step === 1 || deaths.at(-1) === true; step += 1) {
        // Every kill of a round must strike, or none: a life does not depend on the order of arrival.
        const round = [await killed(step, step, moment), await killed(100 + step, step, moment)];
        expect(new Set(round).size).toBe(1);
        deaths.push(round[0] === true);
      }
      expect(deaths.filter(Boolean).length).toBeGreaterThanOrEqual(moment === 'upstream' ? 2 : 5);
    });

  it('applies nothing and says where to go when it comes back', async () => {
    const world = openTwoRegions(1);
    await ask(world, world.regions[0]);
    await world.moveTo(1);
    const back = world.start(0);
    await back.pipeline.resume(true);
    await expect(ask(world, back, 'another')).rejects.toMatchObject({
      code: 'not_home',
      message: expect.stringContaining('home region eu-west-1'),
      details: { home_region: 'eu-west-1', region: 'us-east-1', epoch: 1 },
    });
    expect(await live(world, world.regions[1])).toMatchObject({ status: 'applied' });
    await back.pipeline.resume(false);
    await world.stores.arrive();
    expect(await ends(world)).toEqual(once);
  });

  it('writes no outcome when it wakes after the home moved, nor after it moved back', async () => {
    for (const moves of [[1], [1, 0]] as const) {
      const world = openTwoRegions(2);
      const [home, standby] = world.regions;
      const operation = await ask(world, home);
      const asleep = Promise.withResolvers<void>();
      const woken = Promise.withResolvers<void>();
      // Asleep once it has written, before it tells anybody.
      world.rig.shelf.whileWriting = async () => {
        if (world.rig.shelf.writes.length === 0) return;
        world.rig.shelf.whileWriting = async () => {};
        asleep.resolve();
        await woken.promise;
      };
      const applying = approve(world, home, operation);
      await asleep.promise;
      for (const place of moves) {
        await world.moveTo(place);
        if (place === 1) await standby.pipeline.resume(false);
      }
      woken.resolve();
      await applying.catch(() => undefined);
      await home.pipeline.idle(1_000);
      await world.stores.arrive();
      const log = await world.regions[0].audit.query({ operationId: operation.operationId });
      expect(log.items.filter(({ action, result }) => action === 'write' && result === 'success')).toHaveLength(1);
      expect(await ends(world)).toEqual(once);
    }
  });
});

describe('anchors of two regions', () => {
  it('are each counted by a mark of their own, so that a move looks like no loss', async () => {
    const world = openTwoRegions(6);
    const [home, standby] = world.regions;
    const [first, second] = [memoryAnchors(), memoryAnchors()];
    const now = () => world.rig.world.now;
    const parts = { keys: auditKeys, retentionDays: 30, metrics: { count: () => {} }, log: world.rig.parts.log, now };
    const anchoring = (region: Region, at: { anchors: Anchors }, name?: string) =>
      openAnchoring({ ...parts, tables: region.tables, anchors: at.anchors, region: name });
    for (let round = 0; round < 3; round += 1) {
      await home.audit.append(reading);
      await anchoring(home, first).run('now');
      world.later(400_000);
    }
    await world.moveTo(1);
    await standby.audit.append(reading);
    await anchoring(standby, second, 'eu-west-1').run('now');
    const breaks = async (at: { anchors: Anchors }, name?: string) => {
      const anchors = await examineAnchors(at.anchors, auditKeys);
      const tables = world.stores.regions[1];
      return (await verifyChain({ tables, keys: auditKeys, retentionDays: 30, anchors, region: name, now })).breaks;
    };
    expect(await breaks(second, 'eu-west-1')).toEqual([]);
    expect(await breaks(first)).toEqual([]);
    // By the other region's mark two anchors would be missing.
    expect(await breaks(second)).not.toEqual([]);
  });
});

describe('a region that only reads', () => {
  it('reads operations and records who did, in a chain that no other region writes', async () => {
    const world = openTwoRegions(3);
    const [home, standby] = world.regions;
    const operation = await ask(world, home);
    await world.stores.arrive();
    await standby.home?.look();
    expect(await standby.pipeline.seenBy(everyone).get(operation.operationId)).toMatchObject({
      status: 'awaiting-countersign',
    });
    await Promise.all([standby.audit.append(reading), home.audit.append(reading)]);
    await world.stores.arrive();
    expect(await ends(world)).toEqual({ ...once, writes: [] });
    const chains = (await rowsOf(world.stores.regions[0], 'audit-heads')) as { userId: string }[];
    expect(chains.map(({ userId }) => userId)).toContain('ana (read in eu-west-1)');
  });

  it('refuses every write that is not of its own chains', async () => {
    const world = openTwoRegions(4);
    const [, { tables, pipeline }] = world.regions;
    await expect(
      tables.insert('elevations', {
        userId: 'ana',
        clientId: 'c',
        scopes: [],
        raisedAt: '2026-11-20T10:00:00.000Z',
        expirationTime: 1,
      }),
    ).rejects.toMatchObject({ code: 'not_home' });
    await expect(tables.remove('intents', { intentId: 'i' })).rejects.toMatchObject({ code: 'not_home' });
    await expect(tables.sweep()).rejects.toMatchObject({ code: 'not_home' });
    await expect(approve(world, world.regions[1], await ask(world, world.regions[0]))).rejects.toMatchObject({
      code: expect.stringMatching(/not_found|not_home/),
    });
    await pipeline.resume(true);
    expect(world.rig.shelf.writes).toEqual([]);
  });
});

describe('without a home and an epoch', () => {
  it('both regions apply one operation, and a chain of the audit log forks', async () => {
    const world = openTwoRegions(5, false);
    const [one, other] = world.regions;
    const operation = await ask(world, one);
    await world.stores.arrive();
    // Each has read before either has written, as regions do that do not know of each other.
    const both = Promise.withResolvers<void>();
    let begun = 0;
    world.rig.shelf.whileWriting = async () => {
      if (world.rig.shelf.writes.length > 0) return;
      begun += 1;
      if (begun === 2) both.resolve();
      await both.promise;
    };
    await Promise.all([approve(world, one, operation), approve(world, other, operation)]);
    await one.audit.append(reading);
    world.later(5);
    await other.audit.append(reading);
    await world.stores.arrive();
    const { writes, broken } = await ends(world);
    expect(writes).toEqual(['a', 'a', 'b', 'b']);
    expect(broken.flat()).not.toEqual([]);
  });
});

describe('a move without its wait', () => {
  it('forks a chain, because the old home believes what it read for five seconds', async () => {
    const world = openTwoRegions(7);
    const [home, standby] = world.regions;
    await home.audit.append(reading);
    await world.stores.arrive();
    world.homes[0] = { region: 'eu-west-1', epoch: 1 };
    world.homes[1] = world.homes[0];
    await standby.home?.look();
    world.later(5);
    await standby.audit.append(reading);
    world.later(5);
    await home.audit.append(reading);
    await world.stores.arrive();
    expect((await ends(world)).broken.flat()).not.toEqual([]);
    // From then on it knows.
    world.later(5_000);
    await expect(home.audit.append(reading)).rejects.toMatchObject({ code: 'not_home' });
  });
});
