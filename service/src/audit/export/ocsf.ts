/**
 * An audit record as an event of OCSF 1.8.0, class API Activity (6003), which log stores of security teams read. The record
 * itself stands in `unmapped`, with everything that its hash is made of.
 * https://schema.ocsf.io/1.8.0/classes/api_activity
 */
import type { AuditRecord } from '../record.ts';

const VERSION = '1.8.0';
const CATEGORY = 6;
const CLASS = 6003;
/** Informational: the log says what happened, and rates nothing. */
const SEVERITY = 1;

const activities = { create: 1, read: 2, update: 3, delete: 4 } as const;

const activityOf: Readonly<Record<AuditRecord['action'], number>> = {
  plan: activities.create,
  authorize: activities.create,
  read: activities.read,
  'dry-run': activities.read,
  write: activities.update,
  approve: activities.update,
  deny: activities.update,
  confirm: activities.update,
  expire: activities.update,
  revert: activities.update,
  delete: activities.delete,
};

const success = { status_id: 1, status: 'Success' } as const;
const failure = { status_id: 2, status: 'Failure' } as const;
/** 99: what OCSF has no word for keeps ours. */
const statusOf: Readonly<Record<AuditRecord['result'], { readonly status_id: number; readonly status: string }>> = {
  success,
  failure,
  blocked: failure,
  started: { status_id: 99, status: 'started' },
  partial: { status_id: 99, status: 'partial' },
};

/** Members without a value are left out, because OCSF knows no null. */
export const ocsfEvent = (record: AuditRecord) => {
  const { userId, sequence, timestamp, correlationId, clientId, tool, action, result, ipAddress, userAgent } = record;
  const activity_id = activityOf[action];
  return {
    category_uid: CATEGORY,
    class_uid: CLASS,
    activity_id,
    type_uid: CLASS * 100 + activity_id,
    severity_id: SEVERITY,
    time: Date.parse(timestamp),
    ...statusOf[result],
    ...(record.errorCode !== undefined && { status_code: record.errorCode }),
    ...(record.errorMessage !== undefined && { status_detail: record.errorMessage }),
    metadata: {
      version: VERSION,
      product: { name: 'Countersign' },
      uid: `${userId}:${sequence}`,
      correlation_uid: correlationId,
    },
    actor: { user: { uid: userId }, ...(clientId !== undefined && { app_uid: clientId }) },
    api: { operation: tool },
    // Required by the class. What the service did by itself came from no address.
    src_endpoint: ipAddress === undefined ? { svc_name: 'countersign' } : { ip: ipAddress },
    ...(userAgent !== undefined && { http_request: { user_agent: userAgent } }),
    unmapped: record,
  };
};
