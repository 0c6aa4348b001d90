import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { DEFAULT_ROWS } from '../../../mcp/answer-size.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { cleanTags, UntrustedText } from '../../../untrusted.ts';
import type { RuleTerms } from '../model/rule.ts';
import { firingsOf, type Happening, type KnownPeriod } from '../rules/evaluate.ts';
import { happeningsIn } from '../rules/happenings.ts';
import type { AlertPack } from '../world.ts';
import { RuleIdInput, RuleInput, ruleIn } from './shared/rule-input.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_HOURS = 24;

const MadeEvent = z.strictObject({
  at: z.iso.datetime({ offset: true }).describe('When'),
  kind: z.enum(['raise', 'change', 'clear']).default('raise').describe('What'),
  severity: z.int().min(0).max(5).default(2).describe('0 to 5'),
  labels: z.record(z.string().max(128), z.string().max(1024)).default({}).describe('And site_code, name'),
});
type MadeEvent = z.output<typeof MadeEvent>;

/** Events of the same labels are of one alert. */
const happeningOf = ({ at, kind, severity, labels }: MadeEvent): Happening => ({
  ...{ at: Date.parse(at), kind, severity, duplicate: false },
  alertId: JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))),
  labels: new Map([...Object.entries(labels), ['severity', String(severity)]]),
});

const spanOf = (happenings: readonly Happening[], now: number): KnownPeriod => {
  const times = happenings.map(({ at }) => at);
  return times.length === 0 ? { from: now, to: now } : { from: Math.min(...times), to: Math.max(...times) };
};

const ruleOf = async (
  { rules }: AlertPack,
  { rule, rule_id }: { rule?: unknown; rule_id?: string | undefined },
): Promise<RuleTerms> => {
  if ((rule === undefined) === (rule_id === undefined))
    throw new CountersignError('invalid_input', 'rule: give either rule or rule_id.');
  if (rule !== undefined) return ruleIn(rule);
  const found = (await rules.get(rule_id ?? ''))?.value;
  if (found === undefined)
    throw new CountersignError('not_found', 'rule_id: there is no such rule. See list_alert_rules.');
  return found;
};

const iso = (at: number): string => new Date(at).toISOString();

export const testAlertRule = (pack: AlertPack): Query =>
  defineQuery({
    name: 'test_alert_rule',
    title: 'Try an alert rule',
    description:
      'When a rule would have fired, over events that you write or those of the last hours. Changes nothing.',
    scopes: ['alerts:read'],
    input: z.strictObject({
      rule: RuleInput.optional(),
      rule_id: RuleIdInput.optional(),
      events: z.array(MadeEvent).max(1000).optional().describe('Or hours_back'),
      hours_back: z.int().min(1).max(72).optional().describe('Default: 24'),
    }),
    output: z.object({
      events: z.int().describe('Looked at'),
      total: z.int(),
      would_fire: z.array(
        z.object({
          from: z.string(),
          until: z.string().nullable().describe('null: goes on'),
          labels: z.record(z.string(), z.string()),
        }),
      ),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ events, hours_back, ...which }, { signal }) => {
      if (events !== undefined && hours_back !== undefined)
        throw new CountersignError('invalid_input', 'events: give either events or hours_back.');
      const rule = await ruleOf(pack, which);
      const now = pack.now().getTime();
      const past = { from: now - (hours_back ?? DEFAULT_HOURS) * HOUR_MS, to: now };
      const made = events?.map(happeningOf);
      const happenings = made ?? (await happeningsIn(pack, past, signal));
      const known = made === undefined ? past : spanOf(made, now);
      const firings = firingsOf(rule, happenings, known).sort((one, other) => one.from - other.from);
      return {
        ...{ events: happenings.length, total: firings.length },
        would_fire: firings.slice(0, DEFAULT_ROWS).map(({ from, until, labels }) => ({
          ...{ from: iso(from), until: until > known.to ? null : iso(until), labels: cleanTags(labels) },
        })),
        untrusted_text: ['would_fire[].labels'],
      };
    },
  });
