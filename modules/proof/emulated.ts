/** An environment's whole life on a stand-in for AWS: applied, looked at, planned again, destroyed. */
import { rm } from 'node:fs/promises';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { added, type Inventory, readInventory } from '../../scripts/emulator/inventory.ts';
import { type Emulator, startEmulator } from '../../scripts/emulator/moto.ts';
import type { ResourceChange } from '../../scripts/plan-review/plan-json.ts';
import { repository } from '../testing/synthesized.ts';
import { readEnvironment } from '../tfvars/read.ts';
import { freshFolder, openRig, type Rig } from './rig.ts';

/** What one environment went through. A phase rejects where it, or one it builds on, failed. */
export interface Life<Seen> {
  readonly regions: readonly Settings[];
  /** What `look` answered while it stood. */
  readonly seen: Promise<Seen>;
  /** What a second plan would still change. */
  readonly again: Promise<readonly ResourceChange[]>;
  /** What was there after destroying and not before applying. */
  readonly left: Promise<Inventory>;
  /** When the stand-in has stopped. */
  readonly over: Promise<void>;
  /** Seconds each phase took. */
  readonly seconds: Readonly<Record<string, number>>;
}

export interface Standing {
  readonly regions: readonly Settings[];
  readonly emulator: Emulator;
  readonly made: Inventory;
}

const plain = ['-input=false', '-no-color'] as const;
// Nearly all of an apply is waiting.
const wide = [...plain, '-auto-approve', '-parallelism=30'] as const;

const secondPlan = async ({ workspace, run, show }: Rig): Promise<ResourceChange[]> => {
  const changes: ResourceChange[] = [];
  for (const stack of workspace.stacks) {
    const args = ['plan', ...plain, '-parallelism=30', '-detailed-exitcode', '-out=again.tfplan'];
    if ((await run(stack, args, [0, 2])).code === 0) continue;
    const { resource_changes } = await show(stack, 'again.tfplan');
    changes.push(...resource_changes.filter(({ change }) => change.actions.some((action) => action !== 'no-op')));
  }
  return changes;
};

const allStacks = (rig: Rig, args: readonly string[]): Promise<unknown> =>
  Promise.all(rig.workspace.stacks.map((stack) => rig.run(stack, args)));

/** Begins the life of an environment. `held` runs it when there is room, and knows when that is over. */
export const live = async <Seen>(
  name: string,
  look: (standing: Standing) => Promise<Seen>,
  held: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<Life<Seen>> => {
  const { regions } = await readEnvironment(repository, name);
  const seconds: Record<string, number> = {};
  const timed = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    return work().finally(() => {
      seconds[phase] = Math.round((performance.now() - start) / 1000);
    });
  };
  const phases = {
    seen: Promise.withResolvers<Seen>(),
    again: Promise.withResolvers<readonly ResourceChange[]>(),
    left: Promise.withResolvers<Inventory>(),
  };
  const over = held(async () => {
    const out = await freshFolder(name);
    const emulator = await startEmulator(regions);
    const inventory = () =>
      readInventory(
        emulator,
        regions.map((each) => each.regions[0] ?? ''),
      );
    try {
      const before = await inventory();
      const rig = await openRig({ environment: name, out, target: { kind: 'emulator', url: emulator.url } });
      await timed('apply', async () => {
        for (const stack of rig.workspace.stacks) await rig.init(stack);
        await allStacks(rig, ['apply', ...wide]);
      });
      const seen = timed('look', async () => look({ regions, emulator, made: added(before, await inventory()) }));
      await seen.then(phases.seen.resolve, phases.seen.reject);
      await timed('plan', () => secondPlan(rig)).then(phases.again.resolve, phases.again.reject);
      await timed('destroy', async () => {
        // It has just been planned, so everything has been read.
        await allStacks(rig, ['destroy', ...wide, '-refresh=false']);
        return added(before, await inventory());
      }).then(phases.left.resolve, phases.left.reject);
    } finally {
      await emulator.stop();
      await rm(out, { recursive: true, force: true });
    }
  }).catch((error: unknown) => {
    // What has been told stays; the phases that were not reached fail by this.
    for (const { reject } of Object.values(phases)) reject(error);
  });
  for (const { promise } of Object.values(phases)) promise.catch(() => {});
  return { regions, seconds, over, seen: phases.seen.promise, again: phases.again.promise, left: phases.left.promise };
};
