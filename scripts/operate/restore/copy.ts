/** A copy of an environment's store as it was at a moment, beside the store. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import type { Origin } from './origin.ts';

export interface Window {
  readonly from: Date;
  readonly to: Date;
}

export interface Copy {
  /** Of tables or of the instance, as they are to be called. */
  readonly names: readonly string[];
  /** Moments that it can be of. @throws OperatorProblem where the store cannot be restored */
  window(): Promise<Window>;
  /** Those of the names that are there. */
  present(): Promise<readonly string[]>;
  /** Begins, and waits until it can be read. @throws OperatorProblem, with the copy made in part */
  make(at: Date, signal: AbortSignal): Promise<void>;
  /** Takes away what `make` made. Resolves to the names that are left. */
  remove(): Promise<readonly string[]>;
  /** Variables that lead the service to the copy. */
  variables(): Promise<NodeJS.ProcessEnv>;
}

export interface Pace {
  /** Time between two looks. */
  readonly everyMs: number;
  readonly patienceMs: number;
}

/** An hour and more may pass until AWS has restored a large table or database. */
export const usualPace: Pace = { everyMs: 10_000, patienceMs: 6 * 3_600_000 };

export interface CopyProps {
  readonly deployment: Deployment;
  readonly client: ClientOf;
  /** What its names say it is, such as `restore-20261130`. */
  readonly label: string;
  readonly pace: Pace;
  /** Default: the store in service, at the moment that `make` is told. */
  readonly origin?: Origin | undefined;
}

/** The moment that was asked for, or the newest there is. @throws OperatorProblem outside of the window */
export const momentIn = ({ from, to }: Window, asked: Date | undefined): Date => {
  if (asked === undefined) return to;
  if (asked >= from && asked <= to) return asked;
  throw new OperatorProblem(
    `${asked.toISOString()} cannot be restored: only what was between ${from.toISOString()} and ${to.toISOString()} can.`,
  );
};
