/** Addresses of the pages, from the route contract. */
import { routes } from '../../../contracts/routes.ts';
import type { Scope } from '../../../contracts/scopes.ts';

const fill = (path: string, operationId: string): string =>
  path.replace(':operationId', encodeURIComponent(operationId));

export const approvalHref = (operationId: string): string => fill(routes.approval.path, operationId);
export const operationHref = (operationId: string): string => fill(routes.operation.path, operationId);

export const changesFileHref = (operationId: string): string => fill(routes.operationChanges.path, operationId);
export const changesWorkbookHref = (operationId: string): string => fill(routes.operationWorkbook.path, operationId);
export const planRevertHref = (operationId: string): string => fill(routes.planRevert.path, operationId);

/** A page with what of its query is given, the rest left out. */
export const hrefWith = (path: string, query: Readonly<Record<string, string | number | undefined>>): string => {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
};

/** The lists of operations. */
export type ListName = 'asked' | 'decided' | 'all';

/** A list of operations, cut down and from a place on where that is given. */
export const listHref = (query: {
  readonly list: ListName;
  readonly status?: string;
  readonly cursor?: string;
}): string => `${routes.operations.path}?${new URLSearchParams(query)}`;

/** Apps of a person; without one, of whoever looks. */
export const appsHref = (personId?: string): string =>
  personId === undefined ? routes.apps.path : `${routes.apps.path}?${new URLSearchParams({ person: personId })}`;
export const disconnectHref = (sessionId: string): string =>
  routes.disconnect.path.replace(':sessionId', encodeURIComponent(sessionId));

export const jobHref = (jobId: string): string => routes.decideJob.path.replace(':jobId', encodeURIComponent(jobId));

/** The page that raises exactly these scopes for a client. */
export const stepUpHref = (clientId: string, scopes: readonly Scope[]): string =>
  `${routes.stepUp.path}?${new URLSearchParams({ client_id: clientId, scope: scopes.join(' ') })}`;

/** Sign-in that comes back to `returnTo`, a path of this service. `again` asks for a fresh sign-in. */
export const signInHref = (returnTo: string, again = false): string =>
  `${routes.signIn.path}?${again ? 'again=1&' : ''}return_to=${encodeURIComponent(returnTo)}`;

/** What was not delivered, from a place on. */
export const noticesHref = (cursor: string): string => `${routes.notices.path}?${new URLSearchParams({ cursor })}`;
export const sentNoticesHref = (cursor: string): string =>
  `${routes.sentNotices.path}?${new URLSearchParams({ cursor })}`;
export const replayNoticeHref = (jobId: string): string =>
  routes.replayNotice.path.replace(':jobId', encodeURIComponent(jobId));

/** Forms that connect and disconnect an account at an upstream. */
export const connectAccountHref = (provider: string): string =>
  routes.connectAccount.path.replace(':provider', encodeURIComponent(provider));
export const disconnectAccountHref = (provider: string): string =>
  routes.disconnectAccount.path.replace(':provider', encodeURIComponent(provider));

export const accessRequestHref = (requestId: string): string =>
  routes.accessRequest.path.replace(':requestId', encodeURIComponent(requestId));

/** Who may act on an account; without one, the form that asks for it. */
export const accountAccessHref = (query?: {
  readonly api: string;
  readonly account_id: string;
  /** The first of the people to show. */
  readonly from?: number;
}): string =>
  query === undefined
    ? routes.accountAccess.path
    : hrefWith(routes.accountAccess.path, { ...query, from: query.from || undefined });
