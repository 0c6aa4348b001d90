import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { DEFAULT_ROWS } from '../../../mcp/answer-size.ts';
import { type Act, defineAct, noAccounts } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import type { BatchOutcome } from '../ingest/applier.ts';
import type { Batch } from '../ingest/batch.ts';
import type { OpenIngest } from '../ingest/open.ts';
import { type AlertPost, postFormats } from '../ingest/post.ts';
import { previewPost } from '../ingest/preview.ts';
import { outcomes } from '../life/decide.ts';
import { soon } from '../notices/soon.ts';
import type { AlertPack } from '../world.ts';

/** Milliseconds that a caller waits for what came before it to be applied too. */
const LONGEST_MS = 20_000;

const Outcome = z.enum(outcomes);
const Output = z.object({
  outcomes: z.array(z.object({ outcome: Outcome, name: z.string(), alert_id: z.string().optional() })),
  counts: z.record(Outcome, z.int()).optional().describe('Absent: kept, and applied later'),
  times_corrected: z.int(),
  needs_confirmation: z.string().optional().describe('The SNS topic that waits for it'),
  untrusted_text: UntrustedText,
});
type Answer = z.input<typeof Output>;

const answerOf = ({ alerts, times_corrected, needs_confirmation }: AlertPost, applied?: BatchOutcome): Answer => {
  const of = (name: z.output<typeof Outcome>) => applied?.filter(({ outcome }) => outcome === name).length ?? 0;
  const named = outcomes.map((name) => [name, of(name)] as const);
  return {
    outcomes: (applied ?? []).slice(0, DEFAULT_ROWS).map(({ outcome, event }, place) => ({
      outcome,
      name: clean(alerts[place]?.name ?? ''),
      ...(event && { alert_id: event.alert_id }),
    })),
    ...(applied && { counts: Object.fromEntries(named) as Record<z.output<typeof Outcome>, number> }),
    times_corrected,
    ...(needs_confirmation && { needs_confirmation: needs_confirmation.topic }),
    untrusted_text: ['outcomes[].name'],
  };
};

/** What became of the batch; undefined where others before it take too long. */
const appliedSoon = async ({ applier }: OpenIngest, batch: Batch, { signal, log }: CallContext) => {
  let outcome: BatchOutcome | undefined;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  try {
    await applier.run(inTime, (each, of) => {
      if (each.batch === batch.batch) outcome = of;
    });
    // Another task may have been faster.
    return outcome ?? (await applier.apply(batch, inTime));
  } catch (err) {
    // It is kept: whatever went wrong, it is tried again.
    log.warn({ err }, 'a post of alerts is applied later');
    return outcome;
  }
};

export const ingestAlert = (pack: Pick<AlertPack, 'states' | 'intake' | 'jobs' | 'log'>): Act => {
  const { states, intake } = pack;
  return defineAct({
    name: 'ingest_alert',
    title: 'Take in alerts',
    description:
      'Takes in a post of alerts as a webhook would, and says what became of each. Use dry_run to try a payload first.',
    scopes: ['alerts:write'],
    input: z.strictObject({
      format: z
        .enum(['auto', ...postFormats])
        .default('auto')
        .describe('auto: by its members'),
      payload: z
        .looseObject({})
        .describe('generic: {name, severity?, status?, site_code?, ...}, or {alerts: [...]}, at most 500'),
    }),
    output: Output,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    accounts: noAccounts,
    preview: async ({ format, payload }, { signal }) => {
      const post = await intake.reader.read(payload, format, signal);
      return answerOf(post, await previewPost(post, { states, clock: intake.clock }));
    },
    run: async ({ format, payload }, context) => {
      const { post, batch } = await intake.ingest.receive(payload, format, context.signal);
      const applied =
        batch === undefined
          ? post.alerts.map(() => ({ outcome: 'ignored' as const }))
          : await appliedSoon(intake, batch, context);
      // What was applied here the job of the post does not find, so it would ask for nothing.
      if (batch !== undefined) await soon(pack);
      return answerOf(post, applied);
    },
  });
};
