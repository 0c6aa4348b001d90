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

/** Takes over what is open, neither stealing nor in a hurry unless `more` says so. */
export const take = (world: World, more: Partial<Parameters<typeof takeOver>[0]> = {}) =>
  takeOver({
    store: world.store,
    clock: world.ports.clock,
    me: holder(world),
    steal: false,
    urgent: false,
    say: () => {},
    ...more,
  });

export const taken = async (world: World, stop?: AbortSignal): Promise<Session> =>
  sessionOn(world, await take(world), stop);

export const resume = async (world: World, until = end, stop?: AbortSignal): Promise<Driven> =>
  drive(await taken(world, stop), until);

/** What somebody else sees of a world. */
export const seen = ({ weights, counts, run }: World) => ({ weights, counts, state: run.state, holder: run.holder });

/** A world in which everything went well. */
export const finished = {
  weights: { blue: 0, green: 100 },
  counts: {
    blue: { desired: 0, bounds: { min: 0, max: 10 }, schedules: { night: { min: 0, max: 0 } }, image: 'service:1' },
    green: { desired: 3, bounds: { min: 2, max: 10 }, schedules: { night: { min: 1, max: 2 } }, image: 'service:2' },
  },
  state: 'finished',
  holder: undefined,
};

/** A world as no cutover has touched it. */
export const before = {
  weights: { blue: 100, green: 0 },
  counts: {
    blue: { desired: 3, bounds: { min: 2, max: 10 }, schedules: { night: { min: 1, max: 2 } }, image: 'service:1' },
    green: { desired: 0, bounds: { min: 0, max: 10 }, schedules: { night: { min: 0, max: 0 } }, image: 'service:2' },
  },
};
