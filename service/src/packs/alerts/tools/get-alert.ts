import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, cleanProse, UntrustedText } from '../../../untrusted.ts';
import { noAlert } from '../life/act-on.ts';
import { AlertStep } from '../model/history.ts';
import { silenceEnd } from '../model/silence.ts';
import type { AlertPack } from '../world.ts';
import { AlertIdInput } from './shared/act-answer.ts';
import { untrustedInWhole, WholeAlert, wholeAlert } from './shared/shown-alert.ts';

const Asked = z
  .strictObject({
    alert_id: AlertIdInput.optional(),
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits')
      .optional()
      .describe('Its newest alert'),
  })
  .refine(({ alert_id, fingerprint }) => (alert_id === undefined) !== (fingerprint === undefined), {
    path: ['alert_id'],
    error: 'give this or fingerprint, and not both',
  });

/** Of one answer: those that end last. */
const MOST_SILENCES = 5;

const SilencedBy = z.object({
  silence_id: z.string(),
  ends_at: z.string(),
  created_by: z.string(),
  comment: z.string(),
});

export const getAlert = (pack: AlertPack): Query =>
  defineQuery({
    name: 'get_alert',
    title: 'Get an alert',
    description: 'One alert as it is now, also one that closed long ago, with its last steps, notes and silences.',
    scopes: ['alerts:read'],
    input: Asked,
    output: z.object({
      alert: WholeAlert,
      events: z.array(AlertStep).describe('The last 20 steps, newest first'),
      silenced_by: z.array(SilencedBy),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ alert_id, fingerprint }) => {
      const found =
        alert_id === undefined ? await pack.states.current(fingerprint ?? '') : await pack.states.get(alert_id);
      if (found === undefined)
        throw noAlert(alert_id === undefined ? `fingerprint: ${fingerprint}` : `alert_id: ${alert_id}`);
      const silences = (await pack.silences.now()).of(found);
      return {
        alert: wholeAlert(found),
        events: found.history.toReversed(),
        silenced_by: silences.slice(0, MOST_SILENCES).map((silence) => ({
          silence_id: silence.silence_id,
          ends_at: silenceEnd(silence),
          created_by: clean(silence.created_by),
          comment: cleanProse(silence.comment, 1000),
        })),
        untrusted_text: [...untrustedInWhole('alert'), 'silenced_by[].comment'],
      };
    },
  });
