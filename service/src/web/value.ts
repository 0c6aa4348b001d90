/** One value from upstream, shown as data: bounded, whole on request, and never mistaken for the page's own words. */
import { breakable, type Html, html, lines } from './html.ts';

/** Characters shown before the rest is folded. An AWS tag value holds up to 256. */
const shown = 300;

/** A JSON value of a state. null is a key that is not set. */
export const dataValue = (value: unknown): Html => {
  if (value === null || value === undefined) return html`<span class="absent">not set</span>`;
  if (value === '') return html`<span class="absent">set, but empty</span>`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= shown
    ? html`<code class="value"><bdi>${breakable(text)}</bdi></code>`
    : html`<details class="long"><summary><code class="value"><bdi>${text.slice(0, shown / 3)}…</bdi></code> <span class="quiet">${text.length} characters: show all</span></summary><code class="value"><bdi>${breakable(text)}</bdi></code></details>`;
};

/** Characters of a person's own words that are shown before the rest is folded. */
const shownProse = 1_000;

/** What a person wrote, on the lines they wrote it. */
export const prose = (text: string): Html =>
  text.length <= shownProse
    ? html`<bdi>${lines(text)}</bdi>`
    : html`<details class="long"><summary><bdi>${lines(text.slice(0, shownProse / 4))}…</bdi> <span class="quiet">${text.length} characters: show all</span></summary><bdi>${lines(text)}</bdi></details>`;
