/** For tests: what the verbs of the command do, on a world in memory. */
import { type Beginning, begin, prepare } from './begin.ts';
import { type Driven, drive } from './drive.ts';
import { holderNow, takeOver } from './holder.ts';
import type { Until } from './next.ts';
import { paceOf } from './pace.ts';
import type { Holder, Pace } from './run.ts';
import { Session } from './session.ts';
import type { World } from './world.ts';

export const who = 'arn:aws:iam::111122223333:user/ada';
export const end: Until = { state: 'finished' };
const settings = { cutover_hold_hours: undefined };

export const beginning = (changes: Partial<Pace> = {}): Beginning => ({
  environment: 'prod',
  region: 'us-east-1',
  way: 'load-balancer',
  pace: { ...paceOf(settings, {}, false), ...changes },
  calls: true,
});

/** A process that is gone by the time the next one begins. */
export const holder = (world: World): Holder => ({ ...holderNow(who, new Date(world.time)), pid: 2 ** 22 + 1 });

const sessionOn = (world: World, kept: Awaited<ReturnType<typeof takeOver>>, stop?: AbortSignal): Session =>
  new Session({ store: world.store, ports: world.ports, say: () => {}, stop, alarmMs: 5000 }, kept);

export const start = async (
  world: World,
  until = end,
  changes: Partial<Pace> = {},
  stop?: AbortSignal,
): Promise<Driven> => {
  const { run, over } = await prepare(world.store, world.ports, beginning(changes), holder(world));
  return drive(sessionOn(world, await begin(world.store, run, over), stop), until);
};

export const taken = (world: World, stop?: AbortSignal): Promise<Session> =>
  takeOver({
    store: world.store,
    clock: world.ports.clock,
    me: holder(world),
    steal: false,
    urgent: false,
    say: () => {},
  }).then((kept) => sessionOn(world, kept, stop));

export const resume = async (world: World, until = end, stop?: AbortSignal): Promise<Driven> =>
  drive(await taken(world, stop), until);
