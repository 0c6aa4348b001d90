/** Asking for an imported policy to hold: once for the same content over the same policy, whoever asks and however often. */
import type { CallContext } from '../../../call.ts';
import { digest } from '../../../canonical.ts';
import type { Operation } from '../../../operations/operation.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { refuseFixed } from './change.ts';
import { judgesAlike } from './parts.ts';
import type { LoadedPolicy } from './policy.ts';

type Status = Operation['status'];

const open: ReadonlySet<Status> = new Set([
  'planned',
  'awaiting-confirmation',
  'awaiting-countersign',
  'approved',
  'applying',
]);
export const isAsked = (status: Status): boolean => open.has(status);

/** Answers that stand until the content or the policy changes: whoever gave one is not asked again by the service. */
export const isAnswered = (status: Status): boolean => status !== 'expired' && status !== 'failed';

/** Requests for one change that came to nothing before it is given up. */
const MOST_TRIES = 100;

/**
 * @param stands which earlier request for the same is the answer; after any other it is asked for anew
 * @returns undefined where nothing would change
 * @throws conflict where a file says what holds
 */
export const askForImport = async (
  pack: TaggingPack,
  policyId: string,
  policy: LoadedPolicy,
  stands: (status: Status) => boolean,
  context: CallContext,
): Promise<Operation | undefined> => {
  refuseFixed(pack);
  const held = await pack.policy.current();
  if (judgesAlike(held, policy)) return undefined;
  const { version: _version, last_updated: _updated, ...content } = policy.policy;
  let key = digest([held.version, policyId, content]);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const idempotencyKey = `import-${key.slice(0, 40)}`;
    const operation = await pack.requestPolicyChange({ input: { policy_id: policyId }, idempotencyKey }, context);
    if (stands(operation.status)) return operation;
    key = digest([key, operation.operationId]);
  }
  throw new Error(`the import of ${policyId} was asked for ${MOST_TRIES} times and never decided`);
};
