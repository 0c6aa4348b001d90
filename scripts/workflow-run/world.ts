/** For tests: what a run of a workflow meets outside itself. */
import type { GitHubStandIn } from '../github/stand-in/server.ts';

/** An environment on GitHub: what it hands out, and its reviewers. */
export interface Protected {
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

export interface World {
  readonly github: GitHubStandIn;
  /** Folder of the stand-ins' programs. */
  readonly programs: string;
  /** Folder in which runs work. */
  readonly folder: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly environments: Readonly<Record<string, Protected>>;
  /** Subjects of GitHub's tokens that each role of AWS trusts. */
  readonly trusts: ReadonlyMap<string, readonly string[]>;
  /** Asked before a job of an environment begins. Default: approved. */
  readonly approve?: (environment: string, job: string) => boolean | Promise<boolean>;
}

export interface Event {
  readonly name: 'pull_request' | 'push' | 'schedule' | 'workflow_dispatch';
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly sha?: string;
}

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

/** A job that ran. */
export interface RanJob {
  readonly result: Result;
  readonly outputs: Readonly<Record<string, string>>;
  /** What its steps printed. */
  readonly log: string;
  /** Steps that ran a line of their own, as `file job index`. */
  readonly ran: readonly string[];
}

export interface Run {
  readonly id: string;
  readonly result: Result;
  /** By the name of the job; one of a called workflow as `caller / job`, one of a matrix as `job (value)`. */
  readonly jobs: ReadonlyMap<string, RanJob>;
  readonly outputs: Readonly<Record<string, string>>;
  /** Jobs that waited for the approval of an environment, in their order. */
  readonly approvals: readonly string[];
  /** Roles that jobs took, by the job. */
  readonly roles: readonly (readonly [job: string, role: string])[];
}
