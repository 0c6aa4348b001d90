/** What the page of an operation offers the person who looks. */
import type { Operation } from '../../operations/operation.ts';
import { approvalHref, operationHref, signInHref } from '../../web/links.ts';
import type { OperationProps } from '../../web/props.ts';
import { pageAnswers, pageRefusal } from './answering.ts';
import type { PageParts } from './parts.ts';
import type { Visitor } from './visitor.ts';

/** Whether the sign-in is young enough to agree to a change. */
export const isFresh = (
  { authenticatedAt }: Visitor,
  { now, freshSeconds }: Pick<PageParts, 'now' | 'freshSeconds'>,
): boolean => now().getTime() / 1000 - authenticatedAt <= freshSeconds;

/** What the page offers: answers, a fresh sign-in before them, or the reason there is neither. */
export const decisionFor = (operation: Operation, visitor: Visitor, parts: PageParts): OperationProps['decision'] => {
  const open = pageAnswers.filter((answer) => pageRefusal(operation, answer, visitor, parts) === undefined);
  if (open.length === 0) {
    const wanted = operation.status === 'awaiting-confirmation' ? 'confirm' : 'approve';
    return { may: false, because: pageRefusal(operation, wanted, visitor, parts)?.message ?? 'It waits for nobody.' };
  }
  if (isFresh(visitor, parts)) return { may: true, answers: open };
  return {
    may: false,
    because: 'You signed in a while ago. Sign in again to answer, so that it is surely you.',
    remedy: { href: signInHref(approvalHref(operation.operationId), true), label: 'Sign in again to answer' },
  };
};

/** What its page offers for taking it back. */
export const undoOf = (operation: Operation, visitor: Visitor, parts: PageParts): OperationProps['undo'] => {
  const { status, plan, operationId } = operation;
  if (status !== 'applied' && status !== 'partially-applied') return undefined;
  if (!plan.reversible.possible) return undefined;
  const scope = parts.operations.sight.scopeOf(operation, 'write');
  if (scope === undefined) return undefined;
  if (!visitor.scopes.has(scope)) return { may: false, because: `Planning it needs the scope ${scope}.` };
  if (isFresh(visitor, parts)) return { may: true };
  return {
    may: false,
    because: 'You signed in a while ago. Sign in again to plan it, so that it is surely you.',
    remedy: { href: signInHref(operationHref(operationId), true), label: 'Sign in again' },
  };
};
