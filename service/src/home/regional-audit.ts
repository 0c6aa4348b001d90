/** The audit log of a region that may not be the home: what is read there is recorded in chains of its own. */
import { standbyChain } from '../../../contracts/home.ts';
import type { Audit } from '../audit/port.ts';
import type { AuditEvent } from '../audit/record.ts';
import type { HomeWatch } from './home.ts';

/** `appendWith` is left as it is: the writes beside its record are what only the home may do. */
export const regionalAudit = (audit: Audit, home: HomeWatch): Audit => {
  const placed = (event: AuditEvent): AuditEvent =>
    home.isHome() ? event : { ...event, userId: standbyChain(event.userId, home.region) };
  return {
    append: (event) => audit.append(placed(event)),
    appendWith: (event, together) => audit.appendWith(event, together),
    query: (filter) => audit.query(filter),
  };
};
