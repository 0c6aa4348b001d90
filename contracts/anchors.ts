/**
 * Where in the archive bucket the service keeps signed copies of the audit log's heads. The platform grants its role
 * this prefix and nothing else of the bucket.
 */
export const anchorPrefix = 'anchors/';
