/** What asking for access and deciding about it are made of, and the one way a step is recorded. */
import { eventFrom, type Happened } from '../audit/event.ts';
import type { Audit, Together } from '../audit/port.ts';
import type { Caller } from '../auth/caller.ts';
import type { CallContext } from '../call.ts';
import { CountersignError, type ErrorCode } from '../errors.ts';
import { allOf } from '../operations/store.ts';
import type { AccountRef, NamedAccount } from '../ports/accounts.ts';
import type { AccessNews, AccessOutbox } from './outbox.ts';
import type { AccessStore } from './store.ts';
import type { AccountUpstreams } from './upstreams.ts';

/** Somebody who asks or decides: a caller over MCP or REST, or a signed-in person on a page. */
export type Actor = Pick<Caller, 'personId' | 'name' | 'email' | 'issuer' | 'owner' | 'team' | 'scopes'> & {
  readonly clientId?: string | undefined;
};

export interface AccessSettings {
  /** Setting ACCESS_REQUEST_DAYS. */
  readonly requestDays: number;
  /** Setting APPROVE_ON_PAGE_ONLY, turned round: approving counts through a tool too. */
  readonly approveByTool: boolean;
  /** Setting APPROVE_WITHOUT_EMAIL. */
  readonly approveWithoutEmail: boolean;
}

export interface AccessParts {
  readonly store: AccessStore;
  readonly upstreams: AccountUpstreams;
  readonly audit: Pick<Audit, 'appendWith' | 'append'>;
  /** The accounts that the operator has enabled, where the pack keeps a list. */
  readonly listed: (api: string, person: Actor) => Promise<readonly NamedAccount[] | undefined>;
  readonly outbox: AccessOutbox;
  readonly now: () => Date;
  readonly settings: AccessSettings;
}

export const DAY_MS = 86_400_000;

type Step = 'request_account_access' | 'decide_access_request' | 'revoke_account_access';
type Origin = Pick<CallContext, 'origin'>;

/** How people are named where one text must do. */
export const nameOf = ({ email, personId }: Pick<Actor, 'email' | 'personId'>): string =>
  email === '' ? personId : email;

export const accountNamed = (accounts: readonly AccountRef[]): { readonly accountId?: string } => {
  const [only, ...others] = accounts;
  return only === undefined || others.length > 0 ? {} : { accountId: only.accountId };
};

export const stepRecord = (
  tool: Step,
  by: Pick<Actor, 'personId' | 'clientId'>,
  happened: Pick<Happened, 'action' | 'result'> & Partial<Happened>,
  { origin }: Origin,
) =>
  eventFrom(origin, {
    userId: by.personId,
    tool,
    ...(by.clientId !== undefined && { clientId: by.clientId }),
    ...happened,
  });

/** Answers a step that is not taken, and records it first. */
export const refuseStep = async (
  { audit }: AccessParts,
  event: ReturnType<typeof stepRecord>,
  { code, message, details }: { code: ErrorCode; message: string; details?: Record<string, unknown> },
): Promise<never> => {
  await audit.append({ ...event, result: 'blocked', errorCode: code, errorMessage: message });
  throw new CountersignError(code, message, { recorded: true, ...(details && { details }) });
};

/** The record, the writes and what people are told, or nothing of it. @throws conflict when somebody else was quicker */
export const commit = async (
  { audit, outbox }: AccessParts,
  event: ReturnType<typeof stepRecord>,
  together: Together,
  news: AccessNews,
): Promise<void> => {
  if ((await audit.appendWith(event, allOf(together, outbox.of(news)))) !== undefined) return outbox.wake();
  throw new CountersignError('conflict', 'Somebody else just changed this. Look at it again.');
};
