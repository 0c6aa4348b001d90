/** One violation as answers tell it. */
import { z } from 'zod';
import type { Rank } from '../../../mcp/paging.ts';
import { clean } from '../../../untrusted.ts';
import { severities, type TagFinding, violationTypes } from '../policy/violations.ts';
import type { FoundViolation } from './breakdown.ts';
import { CostSourceField } from './report.ts';

/** What is wrong with one tag, of a resource that is told beside it. */
export const Finding = z.object({
  violation_type: z.enum(violationTypes),
  tag_name: z.string(),
  severity: z.enum(severities).describe('Warnings never lower the score'),
  current_value: z.string().nullable(),
  allowed_values: z.array(z.string()).nullable(),
});

export const findingOf = (finding: TagFinding): z.input<typeof Finding> => ({
  violation_type: finding.violationType,
  tag_name: clean(finding.tagName),
  severity: finding.severity,
  current_value: finding.currentValue === null ? null : clean(finding.currentValue),
  allowed_values: finding.allowedValues === null ? null : [...finding.allowedValues],
});

export const Violation = z.object({
  resource_id: z.string().describe('ARN'),
  resource_type: z.string(),
  account_id: z.string(),
  region: z.string(),
  ...Finding.shape,
  cost_impact_monthly: z
    .number()
    .nullable()
    .describe('USD in 30 days of the resource, the same in each of its violations: do not add them up'),
  cost_source: CostSourceField,
});

/** Dearest errors first. */
export const rankOfViolation = ({ resource, finding }: FoundViolation): Rank => [
  finding.severity,
  -Math.round((resource.cost?.usd ?? 0) * 100),
  resource.arn,
  finding.tagName,
];

export const violationOf = ({ resource, finding }: FoundViolation): z.input<typeof Violation> => ({
  resource_id: clean(resource.arn, 1100),
  resource_type: resource.type,
  account_id: resource.accountId,
  region: resource.region,
  ...findingOf(finding),
  cost_impact_monthly: resource.cost === null ? null : Math.round(resource.cost.usd * 100) / 100,
  cost_source: resource.cost?.source ?? null,
});
