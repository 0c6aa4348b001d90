/** A call of each tool of tag governance whose arguments no test needs to choose. */
import { auditThere } from './scheduled-audit.ts';

export const taggingCalls: Readonly<Record<string, Record<string, unknown>>> = {
  stop_scan: { scan_id: '0'.repeat(32) },
  get_cost_attribution_gap: { group_by: 'service' },
  detect_tag_drift: {},
  get_violation_history: { days_back: 90 },
  generate_compliance_report: {},
  schedule_compliance_audit: { schedule: 'weekly', time: '09:00', recipients: ['ada@example.com'] },
  list_compliance_audits: {},
  pause_compliance_audit: { schedule_id: auditThere },
  delete_compliance_audit: { schedule_id: auditThere },
  export_violations_csv: {},
  get_tagging_policy: {},
  import_aws_tag_policy: { policy_id: 'effective' },
  change_tagging_policy: { policy_id: 'effective' },
};
