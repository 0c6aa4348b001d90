/** Whether a decision may be taken: a list of named checks, each pure, in the order their answers make sense. */
import type { Scope } from '../../../contracts/scopes.ts';
import type { ErrorCode } from '../errors.ts';
import type { Integrity } from './hash.ts';
import { type Approval, notServed, type Operation, otherVersion, waiting } from './operation.ts';
import { refusalOfOwn } from './own-request.ts';
import { type Identity, isSamePerson } from './same-human.ts';

/** A decision somebody asks for, with everything the checks look at. */
export interface DecisionRequest {
  readonly operation: Operation;
  /** The scope of the operation's own tool, which its requester needs to confirm it. */
  readonly writeScope: Scope | undefined;
  /** What its hash says of the stored record. */
  readonly integrity: Integrity;
  readonly decision: Approval['decision'];
  readonly by: Identity & { readonly scopes: ReadonlySet<Scope> };
  readonly via: Approval['via'];
  /** The hash the person saw; absent when the channel does not show one. */
  readonly shownHash: string | undefined;
  readonly comment: string | undefined;
  /** What the person typed, where the plan asks for it. */
  readonly typed: string | undefined;
  /** Version of the policy now. Undefined where the pack of its tool is off. */
  readonly policyVersion: string | undefined;
  readonly now: Date;
  readonly byTool: ByTool;
  /** Setting APPROVE_WITHOUT_EMAIL. */
  readonly withoutEmail: boolean;
}

/** Which answers count when they are given through a tool or the REST facade, and not by a person on the page. */
export interface ByTool {
  /** Setting APPROVE_ON_PAGE_ONLY, turned round. */
  readonly approve: boolean;
  /** Setting CONFIRM_BY_TOOL. */
  readonly confirm: boolean;
}

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** The stored record cannot be trusted and must not be offered again. */
  readonly spoilt?: true;
  /** It has to be planned anew before anybody can agree to it. */
  readonly anew?: true;
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

type Answer = Approval['decision'];

/** Whether it agrees to the plan, so that something is changed. */
const agrees = (decision: Answer): boolean => decision === 'approve' || decision === 'confirm';

/** Who denies what they asked for themselves takes it back. */
export const answerOf = ({ requester }: Pick<Operation, 'requester'>, decision: Answer, by: Identity): Answer =>
  decision === 'deny' && isSamePerson(by, requester) ? 'withdraw' : decision;

export const fitsTheWait: Check = ({ operation, decision }) => {
  if (!agrees(decision)) return undefined;
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

const reserved: Partial<Record<Answer, string>> = { confirm: 'confirm', withdraw: 'withdraw' };

/** By identity and not by mail address: somebody who looks like the requester is not the requester. */
export const onlyTheRequester: Check = ({ operation, decision, by }) => {
  const verb = reserved[decision];
  return verb === undefined || isSamePerson(by, operation.requester)
    ? undefined
    : { code: 'access_denied', message: `Only the person who asked for this change can ${verb} it.` };
};

/** One human may have several subjects. Who cannot be told from the requester does not countersign. */
export const nobodyApprovesTheirOwn: Check = ({ operation: { requester }, decision, by, withoutEmail }) => {
  if (decision !== 'approve') return undefined;
  return refusalOfOwn(by, requester, withoutEmail, {
    same: 'The person who asked for a change cannot countersign it. Ask another approver.',
  });
};

/** Who takes back what they asked for needs none. What a pack that is off planned is an admin's to deny. */
export const holdsTheScope: Check = ({ operation: { approveScope }, writeScope, policyVersion, decision, by }) => {
  if (decision === 'withdraw') return undefined;
  const needed = decision === 'confirm' ? writeScope : approveScope;
  const mayClear = decision === 'deny' && policyVersion === undefined && by.scopes.has('admin');
  return mayClear || (needed !== undefined && by.scopes.has(needed))
    ? undefined
    : { code: 'access_denied', message: `Deciding this operation needs the scope ${needed}.` };
};

/** What a pack that is off planned may be denied or withdrawn. Nobody agrees to what nobody would carry out. */
export const servedHere: Check = ({ operation, decision, policyVersion }) =>
  policyVersion === undefined && agrees(decision) ? notServed(operation.tool) : undefined;

export const onThePage: Check = ({ decision, via, byTool, operation: { operationId } }) => {
  if (via === 'page' || !agrees(decision) || byTool[decision === 'approve' ? 'approve' : 'confirm']) return undefined;
  const message =
    decision === 'approve'
      ? `Countersignatures are accepted on the approvals page only: ask the person to open /approvals/${operationId}.`
      : `The person who asked confirms on the page, after signing in: ask them to open /approvals/${operationId}.`;
  return { code: 'page_required', message, details: { page: `/approvals/${operationId}` } };
};

export const recordIsWhole: Check = ({ integrity }) =>
  integrity !== 'changed'
    ? undefined
    : {
        code: 'arguments_changed',
        message: 'The stored operation no longer matches what was planned. Ask for the change again.',
        spoilt: true,
      };

/**
 * What an earlier version hashed may be denied or withdrawn. Nobody can agree to it, and it is not planned anew: its
 * record cannot be checked, and a new hash would make that of anybody who wrote into the store a good one.
 */
export const ofThisVersion: Check = ({ integrity, decision, operation: { operationId } }) => {
  if (integrity !== 'newer' && (integrity !== 'older' || !agrees(decision))) return undefined;
  const { code, message } = otherVersion(operationId, integrity);
  return { code, message };
};

/** A form always says which plan it showed. Through a tool that is the only sign that the plan was read at all. */
export const namesThePlan: Check = ({ decision, shownHash }) =>
  shownHash !== undefined || !agrees(decision)
    ? undefined
    : {
        code: 'invalid_input',
        message:
          'approval_hash: is missing. Show the plan to the person (get_operation), and send the approval_hash of the plan they agreed to.',
      };

export const agreesToThis: Check = ({ operation, shownHash }) =>
  shownHash === undefined || shownHash === operation.approvalHash
    ? undefined
    : {
        code: 'arguments_changed',
        message: 'The plan changed after it was shown to you. Read it again before you decide.',
      };

/** To the letter: capitals and spaces too. Canonically equal spellings are one text, because keyboards write one of them. */
export const typesWhatIsAsked: Check = ({ operation: { plan }, decision, typed }) => {
  if (plan.typed === undefined || !agrees(decision)) return undefined;
  const { what, text } = plan.typed;
  return typed !== undefined && typed.normalize('NFC') === text.normalize('NFC')
    ? undefined
    : {
        code: 'invalid_input',
        message: `typed: whoever agrees to this types ${what}, exactly as the plan shows it.`,
        details: { field: 'typed' },
      };
};

export const samePolicy: Check = ({ operation, decision, policyVersion }) =>
  !agrees(decision) || policyVersion === operation.policyVersion
    ? undefined
    : {
        code: 'policy_changed',
        message: 'The policy changed since this was planned. It is being planned again; read the new plan.',
        anew: true,
      };

export const denialSaysWhy: Check = ({ decision, comment }) =>
  decision === 'deny' && !comment?.trim()
    ? {
        code: 'invalid_input',
        message: 'comment: say why you deny the change, so that the requester knows what to change.',
      }
    : undefined;

export const decisionChecks: readonly Check[] = [
  stillWaiting,
  ofThisVersion,
  notExpired,
  servedHere,
  onlyTheRequester,
  nobodyApprovesTheirOwn,
  holdsTheScope,
  fitsTheWait,
  onThePage,
  denialSaysWhy,
  namesThePlan,
  recordIsWhole,
  agreesToThis,
  typesWhatIsAsked,
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
