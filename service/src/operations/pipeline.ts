/** The countersign pipeline as the rest of the service sees it. */
import type { CallContext } from '../call.ts';
import { apply } from './apply.ts';
import type { ChangeSteps } from './change.ts';
import { type Decider, type DecisionInput, decide } from './decide.ts';
import { type Operation, waiting } from './operation.ts';
import type { PipelineParts } from './parts.ts';
import { resume } from './resume.ts';
import { planRevert } from './revert.ts';
import type { OperationFilter, RecentFilter } from './store.ts';
import { type Submission, submit } from './submit.ts';

export interface Pipeline {
  /** Plans a change and keeps it; applies it at once only where the tool needs nobody's agreement. */
  submit(steps: ChangeSteps, submission: Submission, context: CallContext): Promise<Operation>;
  /** Confirms, approves or denies; a yes is applied before this resolves. */
  decide(input: DecisionInput, by: Decider, context: CallContext): Promise<Operation>;
  /** Plans undoing an applied operation. */
  revert(operationId: string, reason: string | undefined, context: CallContext): Promise<Operation>;
  get(operationId: string): Promise<Operation | undefined>;
  list(filter: OperationFilter): Promise<{ readonly items: Operation[]; readonly cursor?: string }>;
  /** Operations of everybody, in some statuses or all, newest first. */
  recent(filter: RecentFilter): Promise<{ readonly items: Operation[]; readonly cursor?: string }>;
  /** Operations somebody is waited for, newest first, at most 100. */
  waiting(): Promise<Operation[]>;
  /** See resume.ts. Run at start and every minute. */
  resume(starting: boolean): Promise<void>;
}

const MOST_WAITING = 100;

export const createPipeline = (parts: PipelineParts): Pipeline => ({
  submit: async (steps, submission, context) => {
    const operation = await submit(parts, steps, submission, context);
    return operation.status === 'approved' ? apply(parts, operation, context) : operation;
  },
  decide: (input, by, context) => decide(parts, input, by, context),
  revert: (operationId, reason, context) => planRevert(parts, operationId, reason, context),
  get: (operationId) => parts.store.get(operationId),
  list: (filter) => parts.store.list(filter),
  recent: (filter) => parts.store.recent(filter),
  waiting: async () => (await parts.store.recent({ statuses: waiting, limit: MOST_WAITING })).items,
  resume: (starting) => resume(parts, starting),
});
