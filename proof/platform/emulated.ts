/** An environment's whole life on a stand-in for AWS: applied, looked at, planned again, changed on paper, destroyed. */
import { rm } from 'node:fs/promises';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { settingsOf } from '../../modules/testing/synthesized.ts';
import { added, type Inventory, readInventory } from '../../scripts/emulator/inventory.ts';
import { type Emulator, startEmulator } from '../../scripts/emulator/moto.ts';
import type { ResourceChange } from '../../scripts/plan-review/plan-json.ts';
import { type Tried, tryChanges } from './changes/all.ts';
import { cutOver, type Moved } from './cut-over.ts';
import { freshFolder } from './folder.ts';
import { openRig, openRigProviders, type Rig } from './rig.ts';
import { openStates } from './states.ts';

/** What one environment went through. A phase rejects where it, or one it builds on, failed. */
export interface Life<Seen> {
  /** What `look` answered while it stood. */
  readonly seen: Promise<Seen>;
  /** What of it was moved as a cutover moves it, before the second plan. */
  readonly moved: Promise<readonly Moved[]>;
  /** What a second plan would still change. */
  readonly again: Promise<readonly ResourceChange[]>;
  /** What changes of its settings would do to it; none of them is applied. */
  readonly tried: Promise<Tried>;
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
}

export interface LiveOptions<Seen> {
  readonly look: (standing: Standing) => Promise<Seen>;
  /** Runs it when there is room. */
  readonly held: <T>(work: () => Promise<T>) => Promise<T>;
  /**
   * Whether deletion protection, where the settings ask for it, is turned off before destroying only, in an apply of its
   * own. That takes a while; false leaves it off all the time.
   */
  readonly isProtected: boolean;
  /** Settings besides those of its file. */
  readonly changes?: Readonly<Record<string, unknown>>;
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
  readonly moved: PromiseWithResolvers<readonly Moved[]>;
  readonly again: PromiseWithResolvers<readonly ResourceChange[]>;
  readonly tried: PromiseWithResolvers<Tried>;
  readonly left: PromiseWithResolvers<Inventory>;
}

type Timed = <T>(phase: string, work: () => Promise<T>) => Promise<T>;

const unprotected = { deletion_protection: false };

/** Runs one phase after the other and settles each. */
const goThrough = async <Seen>(
  name: string,
  { look, isProtected, changes: given = {} }: LiveOptions<Seen>,
  { seen, moved, again, tried, left }: Phases<Seen>,
  timed: Timed,
): Promise<void> => {
  const changes = { ...given, ...(isProtected ? {} : unprotected) };
  const regions = await settingsOf(name, changes);
  const places = regions.map((each) => each.regions[0] ?? '');
  const out = await freshFolder(name);
  const emulator = await startEmulator(regions);
  const [providers, states] = await Promise.all([openRigProviders(), openStates()]);
  try {
    const before = await readInventory(emulator, places);
    const target = { kind: 'emulator', url: emulator.url } as const;
    const rig = await openRig({ environment: name, providers, out, target, changes });
    await timed('apply', async () => {
      for (const stack of rig.stacks) {
        await states.keep(stack);
        await rig.init(stack);
      }
      await allStacks(rig, ['apply', ...wide]);
    });
    await timed('look', () => look({ regions, emulator })).then(seen.resolve, seen.reject);
    await timed('cut over', () => cutOver(emulator.url, regions)).then(moved.resolve, moved.reject);
    await timed('plan', () => planAgain(rig)).then(again.resolve, again.reject);
    await timed('change', () => tryChanges(rig, changes)).then(tried.resolve, tried.reject);
    await timed('destroy', async () => {
      if (isProtected) {
        const open = await openRig({
          environment: name,
          providers,
          out,
          target,
          changes: { ...given, ...unprotected },
        });
        await allStacks(open, ['apply', ...wide, '-refresh=false']);
      }
      // What was just planned has just been read.
      await allStacks(rig, ['destroy', ...wide, '-refresh=false']);
    });
    left.resolve(added(before, await readInventory(emulator, places)));
  } finally {
    await providers.stop();
    states.stop();
    await emulator.stop();
    await rm(out, { recursive: true, force: true });
  }
};

/** Begins the life of an environment. */
export const live = <Seen>(name: string, options: LiveOptions<Seen>): Life<Seen> => {
  const seconds: Record<string, number> = {};
  const phases: Phases<Seen> = {
    seen: Promise.withResolvers(),
    moved: Promise.withResolvers(),
    again: Promise.withResolvers(),
    tried: Promise.withResolvers(),
    left: Promise.withResolvers(),
  };
  const timed: Timed = async (phase, work) => {
    const start = performance.now();
    return work().finally(() => {
      seconds[phase] = Math.round((performance.now() - start) / 1000);
    });
  };
  const over = options
    .held(() => goThrough(name, options, phases, timed))
    .catch((error: unknown) => {
      // What has been told stays; the phases that were not reached fail by this.
      for (const { reject } of Object.values(phases)) reject(error);
    });
  const seen = phases.seen.promise;
  const moved = phases.moved.promise;
  const again = phases.again.promise;
  const tried = phases.tried.promise;
  const left = phases.left.promise;
  // A test that looks at one hears of it; nobody may look at all.
  for (const promise of [seen, moved, again, tried, left]) promise.catch(() => {});
  return { seconds, over, seen, moved, again, tried, left };
};
