import type { Tool } from '../../../mcp/tool.ts';
import type { AlertPack } from '../world.ts';
import { deleteAlertRule } from './delete-alert-rule.ts';
import { listAlertRules } from './list-alert-rules.ts';
import { testAlertRule } from './test-alert-rule.ts';
import { upsertAlertRule } from './upsert-alert-rule.ts';

export const ruleTools = (pack: AlertPack): readonly Tool[] => [
  listAlertRules(pack),
  testAlertRule(pack),
  upsertAlertRule(pack),
  deleteAlertRule(pack),
];
