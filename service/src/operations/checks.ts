/** Whether a decision may be taken: a list of named checks, each pure, in the order their answers make sense. */
import type { Scope } from '../../../contracts/scopes.ts';
import type { ErrorCode } from '../errors.ts';
import { approvalHash, beforeDigest } from './hash.ts';
import { type Approval, type Operation, waiting } from './operation.ts';

/** A decision somebody asks for, with everything the checks look at. */
export interface DecisionRequest {
  readonly operation: Operation;
  readonly decision: Approval['decision'];
  readonly by: { readonly personId: string; readonly email: string; readonly scopes: ReadonlySet<Scope> };
  readonly via: Approval['via'];
  /** The hash the person saw; absent when the channel does not show one. */
  readonly shownHash: string | undefined;
  readonly comment: string | undefined;
  /** Version of the policy now. */
  readonly policyVersion: string;
  readonly now: Date;
  /** Setting APPROVE_ON_PAGE_ONLY. */
  readonly pageOnly: boolean;
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

export type Check = (request: DecisionRequest) => Refusal | undefined;

const isWaiting = (operation: Operation): boolean => waiting.some((status) => status === operation.status);

export const stillWaiting: Check = ({ operation }) =>
  isWaiting(operation)
    ? undefined
    : {
        code: operation.status === 'expired' ? 'request_expired' : 'already_decided',
        message: `Operation ${operation.operationId} is ${operation.status}; it no longer waits for a decision.`,
      };

export const notExpired: Check = ({ operation, now }) =>
  Date.parse(operation.expiresAt) > now.getTime()
    ? undefined
    : {
        code: 'request_expired',
        message: `Operation ${operation.operationId} expired at ${operation.expiresAt}. Ask for the change again.`,
      };

export const fitsTheWait: Check = ({ operation, decision }) => {
  if (decision === 'deny') return undefined;
  const wanted = operation.status === 'awaiting-confirmation' ? 'confirm' : 'approve';
  return decision === wanted
    ? undefined
    : {
        code: 'access_denied',
        message:
          wanted === 'confirm'
            ? `Operation ${operation.operationId} waits for its requester's confirmation: use confirm_operation.`
            : `Operation ${operation.operationId} waits for another person's countersignature: it cannot be confirmed by its requester.`,
      };
};

export const onlyTheRequesterConfirms: Check = ({ operation, decision, by }) =>
  decision !== 'confirm' || by.personId === operation.requester.personId
    ? undefined
    : { code: 'access_denied', message: 'Only the person who asked for this change can confirm it.' };

/** The same human may have two ids, one at the sign-in and one at an outside issuer: the mail address tells. */
const isRequester = ({ requester }: Operation, by: DecisionRequest['by']): boolean =>
  by.personId === requester.personId ||
  (by.email !== '' && by.email.trim().toLowerCase() === requester.email.trim().toLowerCase());

export const nobodyApprovesTheirOwn: Check = ({ operation, decision, by }) =>
  decision === 'approve' && isRequester(operation, by)
    ? {
        code: 'self_approval_forbidden',
        message: 'The person who asked for a change cannot countersign it. Ask another approver.',
      }
    : undefined;

export const holdsTheScope: Check = ({ operation, decision, by }) => {
  const withdraws = decision !== 'approve' && by.personId === operation.requester.personId;
  return withdraws || by.scopes.has(operation.approveScope)
    ? undefined
    : { code: 'access_denied', message: `Deciding this operation needs the scope ${operation.approveScope}.` };
};

export const onThePage: Check = ({ decision, via, pageOnly, operation }) =>
  pageOnly && via !== 'page' && decision === 'approve'
    ? {
        code: 'page_required',
        message: `Countersignatures are accepted on the approvals page only: open /approvals/${operation.operationId}.`,
      }
    : undefined;

export const recordIsWhole: Check = ({ operation }) =>
  beforeDigest(operation.plan.changes) === operation.beforeDigest && approvalHash(operation) === operation.approvalHash
    ? undefined
    : {
        code: 'arguments_changed',
        message: 'The stored operation no longer matches what was planned. Ask for the change again.',
      };

export const agreesToThis: Check = ({ operation, shownHash, via }) => {
  if (shownHash === undefined ? via !== 'page' : shownHash === operation.approvalHash) return undefined;
  return {
    code: 'arguments_changed',
    message: 'The plan changed after it was shown to you. Read it again before you decide.',
  };
};

export const samePolicy: Check = ({ operation, decision, policyVersion }) =>
  decision === 'deny' || policyVersion === operation.policyVersion
    ? undefined
    : {
        code: 'policy_changed',
        message: 'The policy changed since this was planned. It is being planned again; read the new plan.',
      };

export const denialSaysWhy: Check = ({ decision, comment, operation, by }) =>
  decision === 'deny' && !comment?.trim() && by.personId !== operation.requester.personId
    ? { code: 'invalid_input', message: 'comment: say why you deny the change, so that the requester can mend it.' }
    : undefined;

export const decisionChecks: readonly Check[] = [
  stillWaiting,
  notExpired,
  onlyTheRequesterConfirms,
  nobodyApprovesTheirOwn,
  holdsTheScope,
  fitsTheWait,
  onThePage,
  denialSaysWhy,
  recordIsWhole,
  agreesToThis,
  samePolicy,
];

/** The first refusal, or undefined when the decision stands. */
export const refusalOf = (request: DecisionRequest): Refusal | undefined => {
  for (const check of decisionChecks) {
    const refusal = check(request);
    if (refusal) return refusal;
  }
  return undefined;
};
