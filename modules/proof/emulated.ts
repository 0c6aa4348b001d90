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
  /** What was there after destroying, with deletion protection off, and not before applying. */
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

/** What a plan of what stands would change. */
const planAgain = async ({ stacks, run, show }: Rig): Promise<ResourceChange[]> => {
  const changes = stacks.map(async (stack) => {
    const args = ['plan', ...plain, '-parallelism=30', '-detailed-exitcode', '-out=again.tfplan'];
    if ((await run(stack, args, [0, 2])).code === 0) return [];
    const { resource_changes } = await show(stack, 'again.tfplan');
    return resource_changes.filter(({ mode, change }) => mode === 'managed' && change.actions.join() !== 'no-op');
  });
  return (await Promise.all(changes)).flat();
};

const allStacks = (rig: Rig, args: readonly string[]): Promise<unknown> =>
  Promise.all(rig.stacks.map((stack) => rig.run(stack, args)));

interface Phases<Seen> {
  readonly seen: PromiseWithResolvers<Seen>;
  readonly again: PromiseWithResolvers<readonly ResourceChange[]>;
  readonly left: PromiseWithResolvers<Inventory>;
}

/** Runs one phase after the other and settles each. */
const goThrough = async <Seen>(
  name: string,
  regions: readonly Settings[],
  look: (standing: Standing) => Promise<Seen>,
  { seen, again, left }: Phases<Seen>,
  timed: <T>(phase: string, work: () => Promise<T>) => Promise<T>,
): Promise<void> => {
  const out = await freshFolder(name);
  const emulator = await startEmulator(regions);
  const inventory = () =>
    readInventory(
      emulator,
      regions.map((each) => each.regions[0] ?? ''),
    );
  try {
    const before = await inventory();
    const target = { kind: 'emulator', url: emulator.url } as const;
    const first = await openRig({ environment: name, out, target });
    await timed('apply', async () => {
      for (const stack of first.stacks) await first.init(stack);
      await allStacks(first, ['apply', ...wide]);
    });
    const told = timed('look', async () => look({ regions, emulator, made: added(before, await inventory()) }));
    await told.then(seen.resolve, seen.reject);
    await timed('plan', () => planAgain(first)).then(again.resolve, again.reject);
    await timed('destroy', async () => {
      if (regions.some(({ deletion_protection }) => deletion_protection)) {
        const open = await openRig({ environment: name, out, target, changes: { deletion_protection: false } });
        await allStacks(open, ['apply', ...wide, '-refresh=false']);
      }
      // What was just planned has just been read.
      await allStacks(first, ['destroy', ...wide, '-refresh=false']);
    });
    left.resolve(added(before, await inventory()));
  } finally {
    await emulator.stop();
    await rm(out, { recursive: true, force: true });
  }
};

/** Begins the life of an environment. `held` runs it when there is room. */
export const live = async <Seen>(
  name: string,
  look: (standing: Standing) => Promise<Seen>,
  held: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<Life<Seen>> => {
  const { regions } = await readEnvironment(repository, name);
  const seconds: Record<string, number> = {};
  const phases: Phases<Seen> = {
    seen: Promise.withResolvers(),
    again: Promise.withResolvers(),
    left: Promise.withResolvers(),
  };
  const timed = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    return work().finally(() => {
      seconds[phase] = Math.round((performance.now() - start) / 1000);
    });
  };
  const over = held(() => goThrough(name, regions, look, phases, timed)).catch((error: unknown) => {
    // What has been told stays; the phases that were not reached fail by this.
    for (const { reject } of Object.values(phases)) reject(error);
  });
  const [seen, again, left] = [phases.seen.promise, phases.again.promise, phases.left.promise];
  // A test that looks at one hears of it; nobody may look at all.
  for (const promise of [seen, again, left]) promise.catch(() => {});
  return { regions, seconds, over, seen, again, left };
};
