/** Whether somebody could give an answer on the page now, by the very checks that the answer itself is held against. */
import type { Scope } from '../../../contracts/scopes.ts';
import { answerOf, type Refusal, refusalOf } from './checks.ts';
import type { Approval, Operation } from './operation.ts';
import type { Pipeline } from './pipeline.ts';
import type { Identity } from './same-human.ts';

interface Around extends Pick<Pipeline, 'sight' | 'integrity'> {
  /** Setting APPROVE_WITHOUT_EMAIL. */
  readonly approveWithoutEmail: boolean;
  readonly now: () => Date;
}

/** What stands in the way of the answer; undefined where nothing does. */
export const refusalOnPage = (
  { sight, integrity, approveWithoutEmail, now }: Around,
  operation: Operation,
  decision: Approval['decision'],
  by: Identity & { readonly scopes: ReadonlySet<Scope> },
): Refusal | undefined => {
  const writeScope = sight.scopeOf(operation, 'write');
  return refusalOf({
    operation,
    writeScope,
    integrity: integrity(operation),
    decision: answerOf(operation, decision, by),
    by,
    via: 'page',
    shownHash: operation.approvalHash,
    comment: 'given with the answer',
    typed: operation.plan.typed?.text,
    // What is not served has no policy to be judged by.
    policyVersion: writeScope && operation.policyVersion,
    now: now(),
    byTool: { approve: false, confirm: false },
    withoutEmail: approveWithoutEmail,
  });
};
