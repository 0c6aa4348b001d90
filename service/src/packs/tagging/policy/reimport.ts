/** The import that comes by itself: what changed at AWS is proposed, by the service itself, and waits for somebody. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { impliedScopes } from '../../../../../contracts/scopes.ts';
import { serviceAsPerson } from '../../../auth/caller.ts';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import { defineWorker, JobFailure, type Worker } from '../../../ports/worker.ts';
import type { RecurringJob } from '../../recurring.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { askForImport, isAnswered } from './ask-for-import.ts';
import { IMPORT_NEEDS, ownTagPolicy } from './organizations.ts';
import { PolicyError } from './policy.ts';
import { importedPolicy } from './start.ts';

const WORKER = 'reimport-tag-policy';

/** Every six hours, at a minute that others do not choose. */
export const reimportJob: RecurringJob = { name: WORKER, worker: WORKER, cron: '17 */6 * * *' };

/** The context in which the service asks by itself. */
const asService = (signal: AbortSignal, log: Logger, now: () => Date): CallContext => ({
  caller: {
    ...serviceAsPerson('tagging'),
    clientId: 'countersign',
    grantId: '',
    scopes: impliedScopes(['tag:read']),
    authenticatedAt: 0,
    expiresAt: 0,
  },
  origin: { kind: 'upkeep', correlationId: randomUUID() },
  signal,
  progress: async () => {},
  log,
  now,
  assume: () => {},
});

export interface ReimportParts {
  readonly pack: TaggingPack;
  /** AWS_POLICY_ID. */
  readonly policyId: string | undefined;
  /** Ids of changes of the policy that wait for an answer, whoever asked. */
  readonly waiting: () => Promise<readonly string[]>;
}

const failure = (error: unknown): unknown => {
  if (error instanceof PolicyError) return new JobFailure(error.message, { retry: false, cause: error });
  if (!(error instanceof CountersignError)) return error;
  const denied = error.code === 'access_denied';
  return new JobFailure(denied ? `${error.message} ${IMPORT_NEEDS}` : error.message, { retry: !denied, cause: error });
};

/** What one import came to, for the page of jobs. */
const reimport = async (
  { pack, policyId, waiting }: ReimportParts,
  context: CallContext,
): Promise<Record<string, string>> => {
  const [open] = await waiting();
  if (open !== undefined) return { outcome: 'waiting', operation_id: open };
  const found = await ownTagPolicy(pack.organizations, policyId, context.signal);
  if (found === undefined) return { outcome: 'none' };
  const { loaded } = importedPolicy(found, pack.now());
  const operation = await askForImport(pack, found.policyId, loaded, isAnswered, context);
  if (operation === undefined) return { outcome: 'equal', policy_id: found.policyId };
  return { outcome: operation.status, policy_id: found.policyId, operation_id: operation.operationId };
};

export const reimportWorker = (parts: ReimportParts): Worker =>
  defineWorker({
    name: WORKER,
    description: 'Compares the tagging policy with the tag policy of AWS, and proposes what changed.',
    payload: z.object({}),
    atOnce: 1,
    delays: [60, 600],
    longestSeconds: 120,
    work: async ({ signal, log, now }) => {
      try {
        return { result: await reimport(parts, asService(signal, log, now)) };
      } catch (error) {
        throw failure(error);
      }
    },
  });
