import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { plural } from '../../../measures/words.ts';
import { clean, cleanProse } from '../../../untrusted.ts';
import { time, until } from '../../../web/format.ts';
import { type Html, html, lines } from '../../../web/html.ts';
import type { Alert } from '../model/alert.ts';
import { matchersWords } from '../model/matchers.ts';
import { type Silence, type SilenceState, silenceEnd, silenceState } from '../model/silence.ts';
import { matchedBy } from '../silences/silencing.ts';
import { type SilenceForms, silenceForm } from './silence-form.ts';

interface SilencesProps {
  readonly silences: readonly Silence[];
  readonly open: readonly Alert[];
  /** Undefined: this person may only read. */
  readonly forms: SilenceForms | undefined;
  readonly now: Date;
}

/** Those that are over are a record, of which the newest are enough here. */
const MOST_EXPIRED = 50;

const endForm = (silence: Silence, { csrf, signInAgain }: SilenceForms): Html | false => {
  if (signInAgain !== undefined) return false;
  const path = alerts.routes.askSilenceEnd.path.replace(':silenceId', encodeURIComponent(silence.silence_id));
  return html`<form method="post" action="${path}"><input type="hidden" name="csrf" value="${csrf}"><button class="button plain">Ask to end it<span class="unseen"> (${clean(matchersWords(silence.matchers), 100)})</span></button></form>`;
};

const spanWords = (silence: Silence, state: SilenceState, now: Date): Html => {
  const end = silenceEnd(silence);
  if (state === 'pending') return html`from ${time(silence.starts_at)} to ${time(end)}`;
  if (state === 'active')
    return html`until ${time(end)}<br><span class="quiet small">${until(end, now.toISOString()) ?? 'a moment'} left</span>`;
  return html`ended ${time(end)}${silence.ended_by !== null && html`<br><span class="quiet small">by <bdi>${clean(silence.ended_by)}</bdi>, before its time</span>`}`;
};

const row = (silence: Silence, state: SilenceState, { open, forms, now }: SilencesProps): Html =>
  html`<tr><th scope="row"><code class="value">${clean(matchersWords(silence.matchers), 500)}</code>${silence.kind === 'maintenance' && html` <span class="tag">maintenance</span>`}</th><td data-column="When">${spanWords(silence, state, now)}</td><td data-column="Who and why"><bdi>${clean(silence.created_by)}</bdi><br><q><bdi>${lines(cleanProse(silence.comment, 1000))}</bdi></q></td><td data-column="Open alerts">${state === 'expired' ? html`<span class="quiet">none</span>` : plural(matchedBy(silence, open).length, 'alert')}</td>${forms && html`<td>${state !== 'expired' && endForm(silence, forms)}</td>`}</tr>`;

const table = (title: string, state: SilenceState, silences: readonly Silence[], props: SilencesProps): Html | false =>
  silences.length > 0 &&
  html`<section><h2>${title}</h2><table class="grid stacked silences"><caption class="unseen">${title}</caption><thead><tr><th scope="col">Which alerts</th><th scope="col">When</th><th scope="col">Who and why</th><th scope="col">Open alerts</th>${props.forms && html`<th scope="col"><span class="unseen">End</span></th>`}</tr></thead><tbody>${silences.map((silence) => row(silence, state, props))}</tbody></table></section>`;

export const silencesView = (props: SilencesProps): Html => {
  const { silences, forms, now } = props;
  const of = (state: SilenceState): Silence[] =>
    silences
      .filter((silence) => silenceState(silence, now) === state)
      .sort((a, b) => (silenceEnd(a) < silenceEnd(b) ? -1 : 1));
  const [active, pending, expired] = [of('active'), of('pending'), of('expired').reverse()];
  return html`<h1>Silences</h1>
<p>While a silence is active, its alerts go on and are counted, but nobody is told of them and nothing escalates. A silence ends by itself, and whoever asked for it is told before.</p>
${active.length + pending.length === 0 && html`<p class="panel">Nothing is silenced.</p>`}
${table('Active', 'active', active, props)}
${table('To come', 'pending', pending, props)}
${forms && silenceForm(forms)}
${table('Over', 'expired', expired.slice(0, MOST_EXPIRED), props)}`;
};
