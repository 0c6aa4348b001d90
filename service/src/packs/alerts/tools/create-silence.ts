import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { clean } from '../../../untrusted.ts';
import { matchersWords } from '../model/matchers.ts';
import { MOST_SILENT_DAYS, silenceKinds } from '../model/silence.ts';
import { planSilence, SilenceTerms, silenceSteps } from '../silences/change.ts';
import type { AlertPack } from '../world.ts';
import { AskedAlertChange, askedAnswer, ownChange } from './shared/asked-change.ts';
import { MatchersInput } from './shared/matcher-input.ts';

const MINUTE_MS = 60_000;

const Time = z.iso.datetime({ offset: true });

interface Span {
  readonly starts_at?: string | undefined;
  readonly ends_at?: string | undefined;
  readonly duration_min?: number | undefined;
}

/** @throws invalid_input unless one of ends_at and duration_min is there */
const spanOf = ({ starts_at, ends_at, duration_min }: Span, now: Date) => {
  const start = starts_at === undefined ? now : new Date(starts_at);
  if ((ends_at === undefined) === (duration_min === undefined))
    throw new CountersignError('invalid_input', 'ends_at: give either ends_at or duration_min.');
  const end = ends_at === undefined ? new Date(start.getTime() + (duration_min ?? 0) * MINUTE_MS) : new Date(ends_at);
  return { starts_at: start.toISOString(), ends_at: end.toISOString() };
};

const Matching = z.object({
  total: z.int(),
  alerts: z.array(z.object({ alert_id: z.string(), name: z.string(), severity: z.int(), site_code: z.string() })),
});

export const createSilence = (pack: AlertPack): Change =>
  defineChange({
    ...ownChange,
    ...silenceSteps(pack),
    name: 'create_silence',
    title: 'Create a silence',
    description:
      'Asks that nobody is told of matching alerts for a time, which is up to 30 days. Answers with the open alerts it silences. A second person agrees.',
    scopes: ['alerts:write'],
    input: z.strictObject({
      matchers: MatchersInput.min(1),
      starts_at: Time.optional().describe('Default: now'),
      ends_at: Time.optional().describe('Or duration_min'),
      duration_min: z
        .int()
        .min(1)
        .max(MOST_SILENT_DAYS * 1440)
        .optional()
        .describe('Minutes'),
      comment: z.string().trim().min(1).max(1000).describe('Why'),
      kind: z.enum(silenceKinds).default('noise').describe('maintenance: its sites are in MAINTENANCE'),
    }),
    output: AskedAlertChange.extend({
      silence: z.object({ silence_id: z.string(), matchers: z.string(), starts_at: z.string(), ends_at: z.string() }),
      matching: Matching,
    }),
    reason: ({ comment }) => comment,
    plan: ({ starts_at, ends_at, duration_min, ...terms }, context) =>
      planSilence(pack, { ...terms, ...spanOf({ starts_at, ends_at, duration_min }, pack.now()) }, context),
    present: (operation) => {
      const [change] = operation.plan.changes;
      const terms = SilenceTerms.parse(change?.after);
      const answer = askedAnswer(pack, operation);
      return {
        ...answer,
        silence: {
          silence_id: change?.resourceId ?? '',
          matchers: clean(matchersWords(terms.matchers), 1000),
          ...{ starts_at: terms.starts_at, ends_at: terms.ends_at },
        },
        matching: Matching.parse({ total: change?.context?.matching_total, alerts: change?.context?.matching }),
        untrusted_text: [...answer.untrusted_text, 'silence.matchers', 'matching.alerts[].name'],
      };
    },
  });
