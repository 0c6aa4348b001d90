/** What an approval is bound to, and the proof that the service itself wrote it down. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson, digest } from '../canonical.ts';
import type { Approval, Operation } from './operation.ts';
import type { ResourceChange } from './plan.ts';

/** Digest of the state a plan starts from: each resource with its touched part, in any order. */
export const beforeDigest = (changes: readonly ResourceChange[]): string =>
  digest(Object.fromEntries(changes.map((change) => [change.resourceId, change.before])));

type Unhashed = Omit<Operation, 'approvalHash'>;

/**
 * Everything that a person saw, and everything that decides how it is decided and by whom. The plan goes in whole, with
 * members that this version does not know.
 */
const second = (operation: Unhashed) => ({
  operationId: operation.operationId,
  tool: operation.tool,
  arguments: operation.arguments,
  requester: operation.requester,
  reason: operation.reason,
  createdAt: operation.createdAt,
  expiresAt: operation.expiresAt,
  correlationId: operation.correlationId,
  idempotencyKey: operation.idempotencyKey,
  countersign: operation.countersign,
  approveScope: operation.approveScope,
  policyVersion: operation.policyVersion,
  plan: operation.plan,
  beforeDigest: operation.beforeDigest,
  reverts: operation.reverts,
});

/**
 * What is hashed, by the number that the hash begins with. A member that is added or left out makes a new row, never
 * another row's content. During a cutover two releases answer for one store, so a new row is read by one release before
 * the next one writes it, and the oldest row leaves a release later: docs/adr/0027-two-versions-one-store.md.
 */
export const hashForms: ReadonlyMap<number, (operation: Unhashed) => object> = new Map([[2, second]]);
/** The form that is written. A hash of a later one is left to the tasks that know it. */
export const WRITTEN_FORM = 2;

/**
 * What a stored operation is by its hash. `whole`: as it was planned. `changed`: not what this service wrote. `older`:
 * hashed by an earlier version, or under a key that is no longer in use. `newer`: by a later version.
 */
export type Integrity = 'whole' | 'changed' | 'older' | 'newer';

export interface ApprovalHashes {
  /** Hash of everything an approver agrees to. If a character of it differs, the approval is for something else. */
  of(operation: Unhashed): string;
  integrity(operation: Operation): Integrity;
  /** The approval with a proof that this service took it, for this operation. */
  sealed(operationId: string, approval: Approval): Approval;
  isSealed(operationId: string, approval: Approval): boolean;
}

const form = /^v(\d+):([0-9a-f]{8}):([0-9a-f]{64})$/;
/** Version 1 was a plain SHA-256. */
const firstForm = /^[0-9a-f]{64}$/;

const same = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/**
 * @param key 32 bytes that are not in the store; the same on every task
 * @param versions for tests, which play a release before or after this one
 */
export const openApprovalHashes = (
  key: Uint8Array,
  { forms = hashForms, written = WRITTEN_FORM }: { forms?: typeof hashForms; written?: number } = {},
): ApprovalHashes => {
  const mac = (purpose: string, value: unknown): string =>
    createHmac('sha256', key)
      .update(`${purpose}\n${canonicalJson(value)}`)
      .digest('hex');
  const keyId = mac('key', null).slice(0, 8);
  const hashAs = (form: number, operation: Unhashed): string | undefined => {
    const covered = forms.get(form);
    return covered && `v${form}:${keyId}:${mac('operation', covered(operation))}`;
  };
  const newest = Math.max(...forms.keys());
  const proofOf = (operationId: string, { proof: _own, ...approval }: Approval): string =>
    `v2:${mac('approval', { operationId, ...approval })}`;
  return {
    of: (operation) => {
      const hash = hashAs(written, operation);
      if (hash === undefined) throw new Error(`there is no form ${written} of approval hashes`);
      return hash;
    },
    integrity: (operation) => {
      const { approvalHash } = operation;
      if (firstForm.test(approvalHash)) return 'older';
      const [, version, hashedUnder] = form.exec(approvalHash) ?? [];
      // Also a hash of another form: what comes later is free to have one.
      if (version === undefined) return laterOrSpoilt(approvalHash, newest);
      if (Number(version) > newest) return 'newer';
      const own = hashAs(Number(version), operation);
      if (own === undefined || hashedUnder !== keyId) return 'older';
      const asPlanned = beforeDigest(operation.plan.changes) === operation.beforeDigest;
      return asPlanned && same(own, approvalHash) ? 'whole' : 'changed';
    },
    sealed: (operationId, approval) => ({ ...approval, proof: proofOf(operationId, approval) }),
    isSealed: (operationId, approval) =>
      approval.proof !== undefined && same(proofOf(operationId, approval), approval.proof),
  };
};

const laterOrSpoilt = (approvalHash: string, newest: number): Integrity =>
  Number(/^v(\d+):/.exec(approvalHash)?.[1]) > newest ? 'newer' : 'changed';
