/**
 * What a cutover needs of the outside. `Way` differs by how traffic is moved (a rule's weights, an alias, instances); the
 * rest is the same for all.
 */
import { OperatorProblem } from '../../platform/problem.ts';
import type { Run, Saved, Weights } from './run.ts';
import type { Figures, Warmth } from './seen.ts';

/** What is found before anything is changed. */
export type Found = Pick<Run, 'variants' | 'parts' | 'saved'> & {
  readonly weights: Weights;
  /** How many instances share the traffic, where a share can only be a whole number of them. */
  readonly instances?: number | undefined;
};

/** How traffic stands to what a run wrote. foreign: somebody else set it, so that nothing may be touched. */
export type Standing = 'to' | 'from' | 'foreign';

/** Traffic as it is. */
export interface Live {
  readonly weights: Weights;
  /** What no run ever writes, such as stickiness. */
  readonly odd?: string | undefined;
  /** Nothing carries the traffic any more, so that no run can go on or back. */
  readonly gone?: boolean | undefined;
  /** How it stands, where the weights alone do not say so: a group of instances is scaled while a run is open. */
  readonly standing?: Exclude<Standing, 'foreign'> | undefined;
  /** What AWS is at, such as `2 of 4 instances are replaced`. Absent: the weights will not come about by themselves. */
  readonly moving?: string | undefined;
  /** Why the wanted weights will not come about. */
  readonly failed?: string | undefined;
}

/** @example `fargateWay(deployment)` moves the weights of the rule of a load balancer. */
export interface Way {
  /** Reads everything a run is about. @throws OperatorProblem naming what is in the way of a cutover */
  survey(): Promise<Found>;
  live(run: Run): Promise<Live>;
  setWeights(run: Run, weights: Weights): Promise<void>;
  /**
   * Gives a variant the counts, bounds and schedules, bounds before the count. Safe to repeat.
   * @param how at-least: what scaling has added meanwhile stays
   */
  scale(run: Run, variant: string, to: Saved, how: 'at-least' | 'exactly'): Promise<void>;
  /** @param atLeast fewest that must be healthy */
  warmth(run: Run, variant: string, atLeast: number): Promise<Warmth>;
  /** One row per period that is over. */
  figures(run: Run, from: Date, to: Date): Promise<Figures>;
  /** Seconds in which set weights come about. Absent: they are there at once, and any others are foreign. */
  patience?(run: Run): number;
  /** Share from which on every call is answered by the new variant, where it cannot be reached before. */
  readonly reachedAt?: number;
  /** What AWS has not ended when the run would; undefined where it has. */
  unended?(run: Run): Promise<string | undefined>;
}

/** Nothing waits for traffic, which is in order. */
export class NothingToShift extends OperatorProblem {
  override readonly name = 'NothingToShift';
}

/** Names of the environment's alarms that sound. */
export type Alarms = () => Promise<readonly string[]>;

/** Calls to the new variant by the preview header, through the public address. */
export interface Smoke {
  /** Every check. @returns what could not be proven. @throws SmokeFailed */
  prove(run: Run): Promise<readonly string[]>;
  /** Sends a number of harmless calls. @returns how many were answered as they should be */
  knock(run: Run, calls: number): Promise<number>;
}

export class SmokeFailed extends Error {
  override readonly name = 'SmokeFailed';
}

export interface Clock {
  now(): Date;
  /** Ends early when the signal aborts. */
  sleep(seconds: number, stop?: AbortSignal): Promise<void>;
}

/** When the session's credentials end; undefined where they do not, or nobody knows. Renews them where that helps. */
export type CredentialsEnd = (needed: Date) => Promise<Date | undefined>;

export interface Ports {
  readonly way: Way;
  readonly alarms: Alarms;
  readonly smoke: Smoke;
  readonly clock: Clock;
  readonly credentialsEnd: CredentialsEnd;
}
