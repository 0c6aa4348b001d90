/** Addresses of the pages, from the route contract. */
import { routes } from '../../../contracts/routes.ts';

const fill = (path: string, operationId: string): string =>
  path.replace(':operationId', encodeURIComponent(operationId));

export const approvalHref = (operationId: string): string => fill(routes.approval.path, operationId);
export const operationHref = (operationId: string): string => fill(routes.operation.path, operationId);

/** The operations that wait, from a place on. */
export const approvalsHref = (cursor: string): string => `${routes.approvals.path}?${new URLSearchParams({ cursor })}`;

/** The lists of operations. */
export type ListName = 'asked' | 'decided' | 'all';

/** A list of operations, cut down and from a place on where that is given. */
export const listHref = (query: {
  readonly list: ListName;
  readonly status?: string;
  readonly cursor?: string;
}): string => `${routes.operations.path}?${new URLSearchParams(query)}`;

/** Sign-in that comes back to `returnTo`, a path of this service. `again` asks for a fresh sign-in. */
export const signInHref = (returnTo: string, again = false): string =>
  `${routes.signIn.path}?${again ? 'again=1&' : ''}return_to=${encodeURIComponent(returnTo)}`;
