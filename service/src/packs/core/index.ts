/** The tools of the pipeline itself, served with every pack. */
import type { ResourceFamily } from '../../mcp/content.ts';
import type { Tool } from '../../mcp/tool.ts';
import { approveOperation } from './approve-operation.ts';
import { confirmOperation } from './confirm-operation.ts';
import { decideAccessRequest } from './decide-access-request.ts';
import { declineIntent } from './decline-intent.ts';
import { getAuditLog } from './get-audit-log.ts';
import { getOperation, waitingIds } from './get-operation.ts';
import { listAccessRequests } from './list-access-requests.ts';
import { listMyAccounts } from './list-my-accounts.ts';
import { listPendingOperations } from './list-pending-operations.ts';
import { wholeOf } from './present.ts';
import { requestAccountAccess } from './request-account-access.ts';
import { revokeAccountAccess } from './revoke-account-access.ts';
import { rollbackOperation } from './rollback-operation.ts';
import type { CoreServices } from './services.ts';
import { waitForOperation } from './wait-for-operation.ts';

export const openCoreTools = (services: CoreServices): Tool[] => [
  getOperation(services),
  waitForOperation(services),
  listPendingOperations(services),
  confirmOperation(services),
  approveOperation(services),
  rollbackOperation(services),
  getAuditLog(services),
  ...(services.safety.mayAsk ? [declineIntent(services)] : []),
  ...(services.access.upstreams.needed ? openAccessTools(services) : []),
];

const openAccessTools = (services: CoreServices): Tool[] => [
  requestAccountAccess(services),
  listMyAccounts(services),
  listAccessRequests(services),
  decideAccessRequest(services),
  revokeAccountAccess(services),
];

/** Each operation as a resource; the list holds those that wait for somebody. */
export const operationResources = ({ pipeline, publicUrl }: CoreServices): ResourceFamily => ({
  template: 'countersign://operations/{operation_id}',
  variable: 'operation_id',
  name: 'operation',
  title: 'Operation',
  description: 'One operation from plan to revert, as JSON.',
  mimeType: 'application/json',
  scopes: ['operations:read'],
  list: async (cursor, caller) => {
    const page = await pipeline
      .seenBy(caller)
      .recent({ statuses: ['awaiting-countersign'], ...(cursor === undefined ? {} : { cursor }) });
    const items = page.items.map((operation) => ({ value: operation.operationId, title: operation.plan.summary }));
    return page.cursor === undefined ? { items } : { items, cursor: page.cursor };
  },
  read: async (operationId, caller) => {
    const operation = await pipeline.seenBy(caller).get(operationId);
    return operation && JSON.stringify(wholeOf(operation, publicUrl), null, 2);
  },
  complete: (typed, caller) => waitingIds(pipeline, caller, typed),
});
