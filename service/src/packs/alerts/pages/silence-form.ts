/** The form that asks for a silence. */
import { z } from 'zod';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { keptLines, options } from '../../../web/fields.ts';
import { type Html, html } from '../../../web/html.ts';

/** Wide, so that what a tool refuses is shown in the form with everything that was typed. */
const typed = z.string().max(8000).default('');
export const SilenceDraft = z.object({
  matchers: typed,
  starts_at: typed,
  minutes: z.string().max(20).default('60'),
  kind: z.string().max(20).default('noise'),
  comment: typed,
});
export type SilenceDraft = z.output<typeof SilenceDraft>;

export interface SilenceForms {
  readonly csrf: string;
  /** The sign-in is too old: where it is renewed. */
  readonly signInAgain?: string | undefined;
  readonly draft?: SilenceDraft;
  readonly problem?: string;
}

const spans = {
  '30': '30 minutes',
  '60': '1 hour',
  '240': '4 hours',
  '480': '8 hours',
  '1440': '1 day',
  '4320': '3 days',
  '10080': '1 week',
} as const;

const kinds = {
  noise: 'Noise: the alerts go on, nobody is told',
  maintenance: 'Maintenance: somebody works there',
} as const;

export const silenceForm = ({ csrf, signInAgain, draft = SilenceDraft.parse({}), problem }: SilenceForms): Html => {
  if (signInAgain !== undefined)
    return html`<p class="notice caution">You signed in a while ago. <a href="${signInAgain}">Sign in again</a> to ask for a silence, so that it is surely you.</p>`;
  return html`<section class="panel" aria-labelledby="ask-silence"><h2 id="ask-silence">Ask for a silence</h2>${problem !== undefined && html`<p class="notice problem" role="alert">${problem}</p>`}
<form method="post" action="${alerts.routes.askSilence.path}"><input type="hidden" name="csrf" value="${csrf}">
<label for="matchers">Which alerts</label><p class="hint" id="matchers-hint">One condition a line; all must hold. For example site_code=CZA0021, name=~Cell.* or severity!=5.</p>
<textarea id="matchers" name="matchers" rows="3" required maxlength="8000" aria-describedby="matchers-hint">
${keptLines(draft.matchers)}</textarea>
<label for="starts_at">From, in UTC (empty: as soon as somebody agrees)</label><input id="starts_at" name="starts_at" type="datetime-local" value="${draft.starts_at}">
<label for="minutes">For</label><select id="minutes" name="minutes">${options(spans, draft.minutes)}</select>
<label for="kind">Kind</label><select id="kind" name="kind">${options(kinds, draft.kind)}</select>
<label for="comment">Why</label><input id="comment" name="comment" required maxlength="1000" value="${draft.comment}">
<p class="quiet">The next page shows the open alerts that it would silence. Nothing is silenced before a second person agrees.</p>
<div class="actions"><button class="button">Show what it would silence</button></div></form></section>`;
};
