/** How long the audit log is kept, and where its copies go. */
import { integer, text, type VariableContract } from '../variable.ts';

export const auditVariables = {
  AUDIT_RETENTION_DAYS: integer({ description: 'Days an audit record is kept.', default: 730, min: 1, max: 3653 }),
  AUDIT_ANCHOR_BUCKET: text({
    description:
      'Bucket with object lock that signed copies of the audit log’s heads are written to, below anchors/. Without it they go to the folder anchors of DATA_DIR with STORE=embedded, and nowhere else.',
    example: 'countersign-prod-archive',
  }),
  AUDIT_EXPORT_BUCKET: text({
    description:
      'Bucket that the audit log is exported to for auditors, below audit-log/, every 15 minutes: compressed NDJSON in OCSF 1.8. Without it and AUDIT_EXPORT_FOLDER there is no export.',
    example: 'countersign-prod-archive',
  }),
  AUDIT_EXPORT_FOLDER: text({
    description: 'Folder that the audit log is exported to in place of AUDIT_EXPORT_BUCKET, on a machine of one’s own.',
    example: './data/audit-log',
  }),
} as const satisfies Record<string, VariableContract>;
