/** Which answers a person may give to an operation, by the very checks the pipeline holds an answer against. */
import { answerOf, refusalOf } from '../../operations/checks.ts';
import type { Approval, Operation } from '../../operations/operation.ts';
import { approvalHref, signInHref } from '../../web/links.ts';
import type { OperationProps } from '../../web/props.ts';
import type { PageParts } from './parts.ts';
import type { Visitor } from './visitor.ts';

const answers: readonly Approval['decision'][] = ['approve', 'confirm', 'deny'];

/** Whether the sign-in is young enough to agree to a change. */
export const isFresh = ({ authenticatedAt }: Visitor, { now, freshSeconds }: PageParts): boolean =>
  now().getTime() / 1000 - authenticatedAt <= freshSeconds;

/** Who answers, and what their answer is held against. */
export type Answering = Pick<PageParts, 'approveWithoutEmail' | 'now'> & {
  readonly operations: Pick<PageParts['operations'], 'sight' | 'integrity'>;
};
export type Answerer = Pick<Visitor, 'person' | 'scopes'>;

/** @param integrity of the stored plan; default as its hash says */
const refusal = (
  operation: Operation,
  decision: Approval['decision'],
  { person, scopes }: Answerer,
  { operations, approveWithoutEmail, now }: Answering,
  integrity = operations.integrity(operation),
) => {
  const writeScope = operations.sight.scopeOf(operation, 'write');
  return refusalOf({
    operation,
    writeScope,
    integrity,
    decision: answerOf(operation, decision, person),
    by: { ...person, scopes },
    via: 'page',
    shownHash: operation.approvalHash,
    comment: 'given with the answer',
    // What is not served has no policy to be judged by.
    policyVersion: writeScope && operation.policyVersion,
    now: now(),
    byTool: { approve: false, confirm: false },
    withoutEmail: approveWithoutEmail,
  });
};

/** Answers that somebody may give, as far as can be told without hashing each plan of a list. */
export const answersIn = (operation: Operation, by: Answerer, parts: Answering): readonly Approval['decision'][] =>
  answers.filter((answer) => refusal(operation, answer, by, parts, 'whole') === undefined);

/** Whether it is them who are waited for: they may agree to it. Denying is more people's to do. */
export const waitsFor = (operation: Operation, by: Answerer, parts: Answering): boolean =>
  answersIn(operation, by, parts).some((answer) => answer !== 'deny');

/** What the page offers: answers, a fresh sign-in before them, or the reason there is neither. */
export const decisionFor = (operation: Operation, visitor: Visitor, parts: PageParts): OperationProps['decision'] => {
  const open = answers.filter((answer) => refusal(operation, answer, visitor, parts) === undefined);
  if (open.length === 0) {
    const wanted = operation.status === 'awaiting-confirmation' ? 'confirm' : 'approve';
    return { may: false, because: refusal(operation, wanted, visitor, parts)?.message ?? 'It waits for nobody.' };
  }
  if (isFresh(visitor, parts)) return { may: true, answers: open };
  return {
    may: false,
    because: 'You signed in a while ago. Sign in again to answer, so that it is surely you.',
    remedy: { href: signInHref(approvalHref(operation.operationId), true), label: 'Sign in again to answer' },
  };
};
