/** What the service keeps in the archive bucket. The platform grants its role these prefixes and nothing else of it. */

/** Signed copies of the audit log's heads. */
export const anchorPrefix = 'anchors/';

/** The audit log for auditors. */
export const exportPrefix = 'audit-log/';
