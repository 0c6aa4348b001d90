/**
 * Intent commits: calls that were questioned and wait to be repeated. Each is bound to person, tool and arguments, is used once,
 * and ends after 300 seconds. Every end of one is in the audit log: see belief-log.ts.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Row } from '../../../../contracts/tables.ts';
import type { Caller } from '../../auth/caller.ts';
import { digest } from '../../canonical.ts';
import { CountersignError } from '../../errors.ts';
import type { TableEngine } from '../../ports/tables.ts';

export const INTENT_SECONDS = 300;
/** An intent that nobody repeated stays readable for so long, so that its expiry gets into the log. */
const KEPT_SECONDS = 24 * 3600;

/** What was asked, kept until somebody answers. */
export const IntentRecord = z.object({
  clientId: z.string(),
  /** Of the call that was questioned. */
  correlationId: z.string(),
  openedAt: z.iso.datetime(),
  originalRequest: z.string().nullable(),
  inferred: z.json(),
  assumptions: z.array(z.string()),
  alternatives: z.array(z.json()),
  /** Kinds of the regrets that were told. */
  regrets: z.array(z.string()),
  expected: z.object({ resources: z.number(), apiCalls: z.number(), seconds: z.number() }),
  /** Digest of the approval token, where a limit is exceeded. */
  tokenHash: z.string().optional(),
});
export type IntentRecord = z.infer<typeof IntentRecord>;

/** An intent commit of a person. */
export interface Intent extends IntentRecord {
  readonly intentId: string;
  readonly userId: string;
  readonly tool: string;
}

export interface OpenedIntent extends Intent {
  /** Where a limit is exceeded: what the call is repeated with. */
  readonly approvalToken?: string;
}

export interface Intents {
  /** Keeps a questioned call. @param needsApproval it is over a limit, and runs with its approval token only */
  open(
    caller: Caller,
    tool: string,
    input: Record<string, unknown>,
    asked: Omit<IntentRecord, 'clientId' | 'openedAt' | 'tokenHash'>,
    needsApproval: boolean,
  ): Promise<OpenedIntent>;
  /**
   * Uses an intent up by its id, or by the approval token that one over a limit needs.
   * @throws not_found when it is unknown, used, expired, somebody else's or for other arguments; invalid_input for the id of one
   * that needs its token. `onExpired` is told of one that is found too late
   */
  redeem(
    given: { readonly intentId?: string | undefined; readonly approvalToken?: string | undefined },
    caller: Caller,
    tool: string,
    input: Record<string, unknown>,
    onExpired: (intent: Intent) => Promise<void>,
  ): Promise<Intent>;
  /** Ends an intent of this person without a call: they said no. @throws not_found */
  decline(intentId: string, caller: Caller): Promise<Intent>;
  /** Takes out those whose time has passed, so that each is told to one task. */
  takeExpired(): AsyncIterable<Intent>;
}

const intentOf = ({ intentId, userId, tool, record }: Row<'intents'>): Intent | undefined => {
  const read = IntentRecord.safeParse(record);
  return read.success ? { ...read.data, intentId, userId, tool } : undefined;
};

const notValid = (field: string): CountersignError =>
  new CountersignError(
    'not_found',
    `${field}: is not valid for this call. It works once, within ${INTENT_SECONDS} seconds, for the same person and the same arguments. Call again without it.`,
  );

/** What an intent is for. */
type Bound = Pick<Row<'intents'>, 'userId' | 'tool' | 'argumentsHash'>;

/** The id of an intent that needs approval says nothing: only its token, which the person was asked for, runs it. */
const checkToken = ({ tokenHash }: Intent, approvalToken: string | undefined): void => {
  if (tokenHash !== undefined && approvalToken === undefined)
    throw new CountersignError(
      'invalid_input',
      'intent_id: this call is over a limit. Ask the person, then repeat it with the approval_token of that answer.',
    );
  if (approvalToken !== undefined && tokenHash !== digest(approvalToken)) throw notValid('approval_token');
};

export const createIntents = (
  tables: Pick<TableEngine, 'get' | 'insert' | 'remove' | 'scan'>,
  now: () => Date,
): Intents => {
  const isOver = ({ openedAt }: Intent): boolean => now().getTime() - Date.parse(openedAt) > INTENT_SECONDS * 1000;
  const find = async (intentId: string): Promise<{ row: Row<'intents'>; intent: Intent } | undefined> => {
    const row = await tables.get('intents', { intentId });
    const intent = row && intentOf(row);
    return row && intent && { row, intent };
  };
  const findBound = async (intentId: string, bound: Bound): Promise<Intent | undefined> => {
    const { row, intent } = (await find(intentId)) ?? {};
    const fits = row?.userId === bound.userId && row.tool === bound.tool && row.argumentsHash === bound.argumentsHash;
    return fits ? intent : undefined;
  };
  return {
    open: async (caller, tool, input, asked, needsApproval) => {
      const intentId = `int_${randomUUID().replaceAll('-', '')}`;
      const approvalToken = needsApproval ? `${intentId}.${randomBytes(16).toString('hex')}` : undefined;
      const record: IntentRecord = {
        ...asked,
        clientId: caller.clientId,
        openedAt: now().toISOString(),
        ...(approvalToken !== undefined && { tokenHash: digest(approvalToken) }),
      };
      await tables.insert('intents', {
        intentId,
        userId: caller.personId,
        tool,
        argumentsHash: digest(input),
        record,
        expirationTime: Math.floor(now().getTime() / 1000) + KEPT_SECONDS,
      });
      const opened = { ...record, intentId, userId: caller.personId, tool };
      return approvalToken === undefined ? opened : { ...opened, approvalToken };
    },
    redeem: async ({ intentId, approvalToken }, caller, tool, input, onExpired) => {
      const field = approvalToken === undefined ? 'intent_id' : 'approval_token';
      const [id = ''] = approvalToken?.split('.') ?? [intentId];
      const bound = { userId: caller.personId, tool, argumentsHash: digest(input) };
      const intent = await findBound(id, bound);
      if (intent === undefined) throw notValid(field);
      const take = () => tables.remove('intents', { intentId: id }, bound);
      if (isOver(intent)) {
        if (await take()) await onExpired(intent);
        throw notValid(field);
      }
      checkToken(intent, approvalToken);
      if (!(await take())) throw notValid(field);
      return intent;
    },
    decline: async (intentId, caller) => {
      const { intent } = (await find(intentId)) ?? {};
      const own = intent?.userId === caller.personId && !isOver(intent);
      if (own && (await tables.remove('intents', { intentId }, { userId: caller.personId }))) return intent;
      throw new CountersignError('not_found', 'intent_id: is not one that waits for an answer of yours.');
    },
    takeExpired: async function* () {
      let cursor: string | undefined;
      do {
        const page = await tables.scan('intents', { limit: 100, ...(cursor !== undefined && { cursor }) });
        for (const row of page.items) {
          const intent = intentOf(row);
          if (intent === undefined || !isOver(intent)) continue;
          if (await tables.remove('intents', { intentId: row.intentId }, { userId: row.userId })) yield intent;
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
    },
  };
};
