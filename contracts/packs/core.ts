/** What every service has, whatever its packs: tools of the pipeline, and the scopes and roles that packs build on. */
import type { ScopeContract } from '../scope.ts';

/** Tools that belong to the pipeline itself and are served with every pack. They call no upstream of their own. */
export const coreTools = {
  get_operation: { kind: 'query', scope: 'operations:read', actions: [] },
  wait_for_operation: { kind: 'query', scope: 'operations:read', actions: [] },
  list_pending_operations: { kind: 'query', scope: 'operations:read', actions: [] },
  // What deciding takes besides is the scope of the operation's own tool.
  approve_operation: { kind: 'decision', scope: 'operations:read', actions: [] },
  confirm_operation: { kind: 'decision', scope: 'operations:write', actions: [] },
  rollback_operation: { kind: 'decision', scope: 'operations:write', actions: [] },
  get_audit_log: { kind: 'query', scope: 'operations:read', actions: [] },
} as const;

/** Tools about calls that are questioned before they run, served where some tool's calls may be. */
export const questionTools = {
  decline_intent: { kind: 'decision', scope: 'operations:read', actions: [] },
} as const;

/**
 * Tools about access to accounts, served where calls to some upstream need an approval. What deciding and revoking take
 * besides is the scope that the contract of the upstream's pack names.
 */
export const accessTools = {
  request_account_access: { kind: 'decision', scope: 'operations:read', actions: [] },
  list_my_accounts: { kind: 'query', scope: 'operations:read', actions: [] },
  list_access_requests: { kind: 'query', scope: 'operations:read', actions: [] },
  decide_access_request: { kind: 'decision', scope: 'operations:read', actions: [] },
  revoke_account_access: { kind: 'decision', scope: 'operations:read', actions: [] },
} as const;

/** Every tool of the service itself, whatever is served of them. */
export const ownTools = { ...coreTools, ...questionTools, ...accessTools } as const;

/**
 * Scopes that nobody asks for by name: a pack's read scopes imply operations:read, its write scopes operations:write. Which
 * operations their holders see and decide follows from the scopes of each operation's own tool.
 */
export const impliedOnly = {
  'operations:read': { description: 'See operations of tools you may read', implies: [], elevated: false },
  'operations:write': {
    description: 'Confirm and roll back operations of tools you may use',
    implies: ['operations:read'],
    elevated: true,
  },
} as const satisfies Record<string, ScopeContract>;

/** What each role may do, in one pack or in all. */
export const coreRoles = {
  viewer: { description: 'Reads reports' },
  analyst: { description: 'Reads reports and asks for changes' },
  approver: { description: 'Reads reports and countersigns changes' },
  admin: { description: 'Operates the service' },
} as const;

export type CoreRole = keyof typeof coreRoles;
