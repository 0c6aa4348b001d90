/** The tagging pack: its tools, made of its services. */
import type { Tool } from '../../mcp/tool.ts';
import { createLongScans } from './scan/long-scans.ts';
import { createScanner } from './scan/scan.ts';
import type { TaggingPack } from './scan/scan-tool.ts';
import type { TaggingServices } from './services.ts';
import { approveBulkTaggingRequest } from './tools/approve-bulk-tagging-request.ts';
import { bulkTagResources } from './tools/bulk-tag-resources.ts';
import { changeTaggingPolicy } from './tools/change-tagging-policy.ts';
import { checkTagCompliance } from './tools/check-tag-compliance.ts';
import { deleteComplianceAudit } from './tools/delete-compliance-audit.ts';
import { detectTagDrift } from './tools/detect-tag-drift.ts';
import { exportViolationsCsv } from './tools/export-violations-csv.ts';
import { findUntaggedResources } from './tools/find-untagged-resources.ts';
import { generateComplianceReport } from './tools/generate-compliance-report.ts';
import { getCostAttributionGap } from './tools/get-cost-attribution-gap.ts';
import { getTaggingPolicy } from './tools/get-tagging-policy.ts';
import { getViolationHistory } from './tools/get-violation-history.ts';
import { importAwsTagPolicy } from './tools/import-aws-tag-policy.ts';
import { listComplianceAudits } from './tools/list-compliance-audits.ts';
import { pauseComplianceAudit } from './tools/pause-compliance-audit.ts';
import { previewBulkTagging } from './tools/preview-bulk-tagging.ts';
import { scheduleComplianceAudit } from './tools/schedule-compliance-audit.ts';
import { stopScan } from './tools/stop-scan.ts';
import { suggestTags } from './tools/suggest-tags.ts';
import { untagResources } from './tools/untag-resources.ts';
import { validateResourceTags } from './tools/validate-resource-tags.ts';

const tools = [
  checkTagCompliance,
  findUntaggedResources,
  stopScan,
  getTaggingPolicy,
  getCostAttributionGap,
  detectTagDrift,
  validateResourceTags,
  suggestTags,
  importAwsTagPolicy,
  changeTaggingPolicy,
  getViolationHistory,
  generateComplianceReport,
  scheduleComplianceAudit,
  listComplianceAudits,
  pauseComplianceAudit,
  deleteComplianceAudit,
  exportViolationsCsv,
  previewBulkTagging,
  bulkTagResources,
  untagResources,
  approveBulkTaggingRequest,
];

/** The pack's services with the one scanner that its tools, jobs and pages share. */
export const withScanner = (services: TaggingServices): TaggingPack => {
  const { estate, scans, jobs } = services;
  const scanner = createScanner(services);
  return { ...services, scanner, longScans: jobs && createLongScans({ jobs, scanner, scans, estate }) };
};

export const taggingTools = (pack: TaggingPack): Tool[] => tools.map((make) => make(pack));
