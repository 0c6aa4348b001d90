/** What an approval is bound to. */
import { digest } from '../canonical.ts';
import type { Operation } from './operation.ts';
import type { ResourceChange } from './plan.ts';

/** Digest of the state a plan starts from: each resource with its touched part, in any order. */
export const beforeDigest = (changes: readonly ResourceChange[]): string =>
  digest(Object.fromEntries(changes.map((change) => [change.resourceId, change.before])));

/**
 * Hash of everything an approver agrees to. If the tool, its arguments, the plan, the before-state, the policy or the
 * requester differ by a character, the approval is for something else.
 */
export const approvalHash = (
  operation: Pick<
    Operation,
    'tool' | 'arguments' | 'beforeDigest' | 'policyVersion' | 'requester' | 'plan' | 'reverts'
  >,
): string =>
  digest({
    tool: operation.tool,
    arguments: operation.arguments,
    beforeDigest: operation.beforeDigest,
    after: Object.fromEntries(operation.plan.changes.map((change) => [change.resourceId, change.after])),
    policyVersion: operation.policyVersion,
    requester: operation.requester.personId,
    reverts: operation.reverts,
  });
