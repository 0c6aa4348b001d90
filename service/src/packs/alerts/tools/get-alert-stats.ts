import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { DEFAULT_ROWS } from '../../../mcp/answer-size.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { StatCounter, statGroups } from '../life/stats.ts';
import { isUnresolved } from '../model/alert.ts';
import type { AlertPack } from '../world.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 90;
/** Events between two words about progress. */
const REPORT_EVERY = 50_000;

const Time = z.iso.datetime();

const stats = {
  raised: z.int(),
  changed: z.int(),
  cleared: z.int(),
  acknowledged: z.int(),
  duplicates: z.int(),
  mtta_min: z.number().nullable().describe('Median minutes until acknowledged'),
  mttr_min: z.number().nullable().describe('Median minutes until over'),
  noise_ratio: z.number().describe('duplicates / (duplicates + raised)'),
};

/** @throws invalid_input */
const periodOf = (now: Date, given: { readonly from?: string | undefined; readonly to?: string | undefined }) => {
  const to = given.to === undefined ? now : new Date(given.to);
  const from = given.from === undefined ? new Date(to.getTime() - DAY_MS) : new Date(given.from);
  if (from >= to) throw new CountersignError('invalid_input', 'from: must be before to, which is now by default.');
  if (to.getTime() - from.getTime() > MOST_DAYS * DAY_MS)
    throw new CountersignError('invalid_input', `from: must be at most ${MOST_DAYS} days before to.`);
  return { from, to };
};

export const getAlertStats = (pack: AlertPack): Query =>
  defineQuery({
    name: 'get_alert_stats',
    title: 'Count alerts and how soon they were looked after',
    description:
      'Counts of a period, the medians until alerts were acknowledged (MTTA) and over (MTTR), and the share of posts that said nothing new.',
    scopes: ['alerts:read'],
    input: z.strictObject({
      from: Time.optional().describe('Default: a day before to. At most 90 days'),
      to: Time.optional().describe('Exclusive. Default: now'),
      group_by: z.enum(statGroups).default('none').describe('Also each of these'),
    }),
    output: z.object({
      from: z.string(),
      to: z.string(),
      open_now: z.int(),
      ...stats,
      groups: z.array(z.object({ group: z.string(), ...stats })).describe('Most raised first'),
      total_groups: z.int(),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ group_by, ...given }, { signal, progress }) => {
      const period = periodOf(pack.now(), given);
      const counter = new StatCounter(group_by);
      let [read, told] = [0, 0];
      const length = period.to.getTime() - period.from.getTime();
      for await (const events of pack.events.read(period, signal)) {
        for (const event of events) counter.add(event);
        read += events.length;
        const [last] = events.slice(-1);
        if (last === undefined || read - told < REPORT_EVERY) continue;
        told = read;
        const done = Math.round(((Date.parse(last.at) - period.from.getTime()) / length) * 100);
        await progress(done, 100, `${read} events read`);
      }
      const { groups } = counter;
      return {
        from: period.from.toISOString(),
        to: period.to.toISOString(),
        open_now: (await pack.states.all()).filter(isUnresolved).length,
        ...counter.total,
        groups: groups.slice(0, DEFAULT_ROWS).map(({ group, ...each }) => ({ group: clean(group, 100), ...each })),
        total_groups: groups.length,
        untrusted_text: ['groups[].group'],
      };
    },
  });
