/** Changes of scheduled audits, as changes of the pipeline: planned, confirmed by the admin on the page, applied, reverted. */
import { randomUUID } from 'node:crypto';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { Change } from '../../../mcp/tool.ts';
import type { ChangeOutcome, Plan, ResourceChange, State } from '../../../operations/plan.ts';
import type { Audits } from './audits.ts';
import { type AuditSchedule, AuditTerms, stateOfAudit } from './schedule.ts';
import { rhythmWords } from './when.ts';

/** More would be a mistake: each scans the estate. */
const MOST_AUDITS = 200;

export const newScheduleId = (): string => `audit-sched-${randomUUID().replaceAll('-', '').slice(0, 12)}`;

const labelOf = (terms: Pick<AuditTerms, 'schedule' | 'time' | 'timezone'>): string => `Audit ${rhythmWords(terms)}`;

/** Of one schedule. It is on no AWS account, but of the service's own. */
const changeOf = (
  scheduleId: string,
  terms: AuditTerms,
  states: Pick<ResourceChange, 'before' | 'after'>,
  createdBy: string,
): ResourceChange => ({
  ...{ resourceId: scheduleId, label: labelOf(terms), kind: 'tagging:audit-schedule', accountId: '' },
  ...states,
  context: { created_by: createdBy },
});

const planOf = (summary: string, change: ResourceChange, warnings: readonly string[] = []): Plan => ({
  summary,
  changes: [change],
  impact: [],
  warnings: [...warnings],
  reversible: { possible: true },
  cost: { apiCalls: 0, usd: 0 },
});

export const planNewAudit = async (
  audits: Audits,
  terms: AuditTerms,
  { caller }: Pick<CallContext, 'caller'>,
): Promise<Plan> => {
  if ((await audits.all()).length >= MOST_AUDITS)
    throw new CountersignError('safety_limit_exceeded', `There are ${MOST_AUDITS} audits. Delete one first.`);
  const states = { before: stateOfAudit(undefined), after: stateOfAudit(terms) };
  const change = changeOf(newScheduleId(), terms, states, caller.email || caller.personId);
  const to = terms.recipients.length === 1 ? '1 recipient' : `${terms.recipients.length} recipients`;
  return planOf(`Audit tag compliance ${rhythmWords(terms)}, and send it to ${to} by ${terms.format}.`, change, [
    'Each audit scans all accounts and asks what they cost, which Cost Explorer charges for.',
  ]);
};

const findOrRefuse = async (audits: Audits, scheduleId: string): Promise<AuditSchedule> => {
  const found = await audits.find(scheduleId);
  if (found !== undefined) return found;
  throw new CountersignError('not_found', 'schedule_id: there is no such audit. See list_compliance_audits.');
};

export const planPause = async (audits: Audits, scheduleId: string, action: 'pause' | 'resume'): Promise<Plan> => {
  const audit = await findOrRefuse(audits, scheduleId);
  const status = action === 'pause' ? 'paused' : 'active';
  if (audit.status === status)
    throw new CountersignError('invalid_input', `schedule_id: the audit is ${status} already.`);
  const states = { before: { status: audit.status }, after: { status } };
  const verb = action === 'pause' ? 'Pause' : 'Resume';
  return planOf(`${verb} the audit ${rhythmWords(audit)}.`, changeOf(scheduleId, audit, states, audit.createdBy));
};

export const planDelete = async (audits: Audits, scheduleId: string): Promise<Plan> => {
  const audit = await findOrRefuse(audits, scheduleId);
  const states = { before: stateOfAudit(audit), after: stateOfAudit(undefined) };
  return planOf(`Delete the audit ${rhythmWords(audit)}.`, changeOf(scheduleId, audit, states, audit.createdBy));
};

const applyOne = async (audits: Audits, { resourceId, after, context }: ResourceChange): Promise<ChangeOutcome> => {
  if (after.status === null) await audits.remove(resourceId);
  else {
    const found = await audits.find(resourceId);
    const terms = AuditTerms.parse({ ...(found && stateOfAudit(found)), ...after });
    await audits.set(resourceId, terms, String(context?.created_by ?? 'unknown'));
  }
  return { resourceId, outcome: 'applied' };
};

const stateNow = (audit: AuditSchedule | undefined, { before }: ResourceChange): State => {
  const whole = stateOfAudit(audit);
  return Object.fromEntries(Object.keys(before).map((key) => [key, whole[key] ?? null]));
};

/** What the three tools that change an audit have in common. */
export const auditSteps = (audits: Audits) =>
  ({
    approveScope: 'tag:approve',
    read: async (changes) =>
      new Map(
        await Promise.all(
          changes.map(
            async (change) => [change.resourceId, stateNow(await audits.find(change.resourceId), change)] as const,
          ),
        ),
      ),
    apply: (changes) => Promise.all(changes.map((change) => applyOne(audits, change))),
    revert: (change) => ({ ...change, before: change.after, after: change.before }),
    // Why not a second person: docs/adr/0062-audits-on-a-schedule.md.
    countersign: () => 'same-person',
    policyVersion: async () => 'audits',
  }) satisfies Pick<Change, 'approveScope' | 'read' | 'apply' | 'revert' | 'countersign' | 'policyVersion'>;
