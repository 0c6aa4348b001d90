/** The audit log, and the anchors that show whether somebody altered it. */
import { openAnchors } from '../anchors/index.ts';
import { openArchive } from '../archive/index.ts';
import { type Anchoring, openAnchoring } from '../audit/anchoring.ts';
import { type AuditExport, openAuditExport } from '../audit/export/export.ts';
import { openImportedAudit } from '../audit/imported.ts';
import { openAuditLog } from '../audit/log.ts';
import { hmac } from '../audit/mac.ts';
import { markRegion } from '../audit/mark.ts';
import type { Audit, ImportedAudit } from '../audit/port.ts';
import { deriveSecrets } from '../auth/secrets.ts';
import { regionalAudit } from '../home/regional-audit.ts';
import type { Foundation } from './foundation.ts';

export interface OpenAudit {
  readonly audit: Audit;
  /** Records that came from elsewhere. */
  readonly imported: ImportedAudit;
  readonly anchoring: Anchoring;
  /** Absent where the log is exported nowhere. */
  readonly auditExport?: AuditExport | undefined;
}

export const openAudit = async (foundation: Foundation, encryptionKey: string): Promise<OpenAudit> => {
  const { config, state, metrics, log, now } = foundation;
  const { tables, home } = state;
  const retentionDays = config.AUDIT_RETENTION_DAYS;
  const keys = [hmac(deriveSecrets(encryptionKey).auditKey)] as const;
  const chains = openAuditLog({ tables, now, keys, retentionDays, metrics });
  const anchors = await openAnchors(config);
  if (anchors === undefined)
    log.warn({}, 'audit heads are signed but not anchored outside the database; set AUDIT_ANCHOR_BUCKET');
  const archive = await openArchive(config);
  return {
    audit: home === undefined ? chains : regionalAudit(chains, home),
    imported: openImportedAudit(tables, now),
    anchoring: openAnchoring({ tables, keys, anchors, region: markRegion(config), retentionDays, metrics, log, now }),
    auditExport: archive && openAuditExport({ tables, archive, metrics, log, now }),
  };
};
