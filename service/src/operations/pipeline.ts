/** The countersign pipeline as the rest of the service sees it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallContext } from '../call.ts';
import { atMost, openCarryOut } from './carry-out.ts';
import type { ChangeSteps } from './change.ts';
import { mayCarryOut, toComeAgain, waitsForRequester } from './come.ts';
import { type Decider, type DecisionInput, decide } from './decide.ts';
import type { Integrity } from './hash.ts';
import { timeLimit } from './lease.ts';
import type { Operation } from './operation.ts';
import type { DecisionContext, PipelineParts } from './parts.ts';
import { openResume } from './resume.ts';
import { planRevert, type RevertRequest } from './revert.ts';
import { openSeen, type Seen, type Viewer } from './seen.ts';
import type { Sight } from './sight.ts';
import { type Kept, type RefusedPart, type Submission, submit, submitParts } from './submit.ts';

export interface Pipeline {
  /**
   * Plans a change and keeps it. Where the tool needs nobody's agreement it is applied too, and this waits for that as
   * long as `outcome` does.
   */
  submit(steps: ChangeSteps, submission: Submission, context: CallContext): Promise<Operation>;
  /** As `submit`, in as many operations as the tool splits it into. @throws where no part of it could be planned */
  submitParts(
    steps: ChangeSteps,
    submission: Submission,
    context: CallContext,
  ): Promise<{ readonly operations: readonly [Operation, ...Operation[]]; readonly refused: readonly RefusedPart[] }>;
  /**
   * Confirms, approves, denies or withdraws; and lets a requester carry out what waits for them. After a yes it resolves with the operation in `approved`, whatever the
   * upstream does; applying goes on by itself, see `outcome`, or waits for its requester.
   */
  decide(input: DecisionInput, by: Decider, context: CallContext): Promise<Operation>;
  /**
   * An approved operation once this task has applied it, or as it stands after `milliseconds` (default 20,000): then it
   * is approved or being applied still, and goes on. Any other at once.
   * @throws credentials_required where only its requester carries it out, and the upstream refused the credential they sent
   */
  outcome(operation: Operation, milliseconds?: number): Promise<Operation>;
  /**
   * The operation once no task applies or plans it any more, or as it stands after `milliseconds`. For a page, which may
   * be asked of another task than the one that applies.
   */
  settled(operation: Operation, milliseconds: number): Promise<Operation>;
  /** Operations this task is applying. */
  running(): readonly string[];
  /** Resolves when this task applies none of them, or none but those in `except`, at most after `milliseconds`. */
  idle(milliseconds: number, except?: readonly string[]): Promise<void>;
  /** Plans undoing an applied operation. */
  revert(request: RevertRequest, context: DecisionContext): Promise<Operation>;
  /** The operations that somebody may see. There is no other way to read them. */
  seenBy(viewer: Viewer): Seen;
  readonly sight: Sight;
  /** Whether nothing happens to it until its requester comes with a credential of theirs: see in-person.ts. */
  awaitsRequester(operation: Operation): boolean;
  /** What the hash of a stored operation says of it. */
  integrity(operation: Operation): Integrity;
  /** See resume.ts. Run at start and every minute. */
  resume(starting: boolean): Promise<void>;
}

/** Milliseconds a call waits for what it agreed to. Shorter than any edge before the service does. */
const OUTCOME_MS = 20_000;

/** Milliseconds a start waits for what was left behind: an upstream that hangs must not keep the service from serving. */
const START_MS = 20_000;

/** Statuses in which a task is at work, or soon will be. */
const moving: ReadonlySet<Operation['status']> = new Set(['planned', 'approved', 'applying']);
/** Milliseconds between two looks at what another task does. */
const LOOK_MS = 200;

export const createPipeline = (parts: PipelineParts): Pipeline => {
  const carryOut = openCarryOut(parts);
  const resume = openResume(parts, (operationId) => carryOut.running().includes(operationId));
  const awaitsRequester = (operation: Operation): boolean =>
    waitsForRequester(parts, operation) && !carryOut.running().includes(operation.operationId);
  // One that is being applied comes here only with its requester, who goes on with what a task left behind.
  const begun = (operation: Operation, context: CallContext): Operation => {
    const agreed = operation.status === 'approved' || operation.status === 'applying';
    if (agreed && mayCarryOut(parts, operation, context.origin)) carryOut.begin(operation, context);
    return operation;
  };
  const outcome: Pipeline['outcome'] = async (operation, milliseconds = OUTCOME_MS) => {
    if (!moving.has(operation.status)) return operation;
    const refused = await carryOut.wait(operation.operationId, milliseconds);
    const now = (await parts.store.get(operation.operationId)) ?? operation;
    const untold = refused && toComeAgain(parts, now, refused);
    if (untold !== undefined) throw untold;
    return now;
  };
  const settled: Pipeline['settled'] = async (operation, milliseconds) => {
    const until = performance.now() + milliseconds;
    const moves = (one: Operation): boolean => moving.has(one.status) && !awaitsRequester(one);
    let now = operation;
    while (moves(now) && performance.now() < until) {
      await carryOut.wait(now.operationId, until - performance.now());
      now = (await parts.store.get(now.operationId)) ?? now;
      if (moves(now)) await sleep(LOOK_MS);
    }
    return now;
  };
  return {
    submit: async (steps, submission, context) => {
      const { operation, isNew } = await submit(parts, steps, submission, context);
      // One that was asked for before is carried out by the call that asked first.
      return outcome(isNew ? begun(operation, context) : operation);
    },
    submitParts: async (steps, submission, context) => {
      const { kept, refused } = await submitParts(parts, steps, submission, context);
      const run = ({ operation, isNew }: Kept) => outcome(isNew ? begun(operation, context) : operation);
      const [first, ...others] = kept.map(run);
      if (first === undefined) throw new Error('a request led to nothing and to no refusal');
      return { operations: [await first, ...(await Promise.all(others))], refused };
    },
    decide: async (input, by, context) => begun(await decide(parts, input, by, context), context),
    outcome,
    settled,
    running: carryOut.running,
    idle: carryOut.idle,
    revert: (request, context) => planRevert(parts, request, { ...context, signal: timeLimit(parts) }),
    seenBy: (viewer) => openSeen(parts.store, parts.sight, viewer),
    sight: parts.sight,
    awaitsRequester,
    integrity: parts.hashes.integrity,
    resume: async (starting) => {
      const resumed = resume(starting);
      await (starting ? atMost(resumed, START_MS) : resumed);
    },
  };
};
