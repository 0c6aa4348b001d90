import type { World } from '../world.ts';

/** One way of trying to make the service break its promise. It notes what it did in `world.truth`; `count` judges. */
export interface Attack {
  readonly name: string;
  /** @param rounds how often it repeats what depends on luck */
  run(world: World, rounds: number): Promise<void>;
}
