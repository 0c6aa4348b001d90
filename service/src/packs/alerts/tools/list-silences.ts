import { z } from 'zod';
import { NextCursor, pageInput, pageOf } from '../../../mcp/paging.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, cleanProse, UntrustedText } from '../../../untrusted.ts';
import { isUnresolved } from '../model/alert.ts';
import { matchersWords } from '../model/matchers.ts';
import { type Silence, silenceEnd, silenceKinds, silenceState, silenceStates } from '../model/silence.ts';
import { matchedBy, namesSite } from '../silences/silencing.ts';
import type { AlertPack } from '../world.ts';

const ListedSilence = z.object({
  silence_id: z.string(),
  state: z.enum(silenceStates),
  kind: z.enum(silenceKinds),
  matchers: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  created_by: z.string(),
  comment: z.string(),
  ended_by: z.string().nullable(),
  open_alerts: z.int().describe('That match now'),
});

/** Those that silence something first, then those that will, each by when they end. */
const rankOf = (now: Date) => (silence: Silence) => {
  const state = silenceState(silence, now);
  return [['active', 'pending', 'expired'].indexOf(state), silenceEnd(silence), silence.silence_id];
};

export const listSilences = (pack: AlertPack): Query =>
  defineQuery({
    name: 'list_silences',
    title: 'List silences',
    description: 'Silences: who made each and why, when it ends, and how many open alerts match.',
    scopes: ['alerts:read'],
    input: z.strictObject({
      state: z.array(z.enum(silenceStates)).max(3).default(['active', 'pending']).describe('Which'),
      site_code: z.string().max(32).optional().describe('Only those that name this site'),
      ...pageInput,
    }),
    output: z.object({
      total: z.int(),
      silences: z.array(ListedSilence),
      next_cursor: NextCursor,
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ state, site_code, ...page }) => {
      const now = pack.now();
      const open = (await pack.states.all()).filter(isUnresolved);
      const found = (await pack.silences.all()).filter(
        (silence) =>
          state.includes(silenceState(silence, now)) && (site_code === undefined || namesSite(silence, site_code)),
      );
      const show = (silence: Silence): z.input<typeof ListedSilence> => ({
        silence_id: silence.silence_id,
        state: silenceState(silence, now),
        kind: silence.kind,
        matchers: clean(matchersWords(silence.matchers), 1000),
        starts_at: silence.starts_at,
        ends_at: silenceEnd(silence),
        created_by: clean(silence.created_by),
        comment: cleanProse(silence.comment, 1000),
        ended_by: silence.ended_by,
        open_alerts: matchedBy(silence, open).length,
      });
      const { items, ...next } = pageOf(found, rankOf(now), show, page);
      return {
        ...{ total: found.length, silences: items, ...next },
        untrusted_text: ['silences[].matchers', 'silences[].comment'],
      };
    },
  });
