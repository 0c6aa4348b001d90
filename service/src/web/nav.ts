/**
 * The header's way to the pages, whatever number of them there is. The first entries stand in the header, some more where
 * there is room, and the others under More, which a phone shows them all under. It works without a script.
 */
import { type Html, html } from './html.ts';
import type { NavEntry } from './props.ts';

/** Entries that stand in the header on every screen, and those that follow them on a wide one. */
const always = 2;
const roomy = 3;

const waits = (count: string | undefined): Html | undefined =>
  count === undefined
    ? undefined
    : html` <span class="count">${count}<span class="unseen"> ${count === '1' ? 'waits' : 'wait'} for you</span></span>`;

const entry = ({ href, label, count }: NavEntry, current: string | undefined, screens?: 'wide' | 'narrow'): Html =>
  html`<li${screens && html` class="${screens}"`}><a href="${href}"${href === current && html` aria-current="page"`}>${label}${waits(count)}</a></li>`;

/** What does not stand in the header. One that is shown there on a wide screen is hidden here, and so is a More without any. */
const more = (entries: readonly NavEntry[], current: string | undefined): Html | false => {
  if (entries.length === 0) return false;
  const rest = entries.slice(roomy);
  const here = (some: readonly NavEntry[]) => some.find(({ href }) => href === current)?.label;
  const [hidden, narrow] = [here(rest), here(entries.slice(0, roomy))];
  return html`<li class="more${rest.length === 0 && ' narrow'}"><details><summary>More${
    hidden !== undefined
      ? html`<span class="here">: ${hidden}</span>`
      : narrow !== undefined && html`<span class="here narrow">: ${narrow}</span>`
  }</summary><ul>${entries.slice(0, roomy).map((one) => entry(one, current, 'narrow'))}${rest.map((one) => entry(one, current))}</ul></details></li>`;
};

/** @param current address of the entry that the page belongs to */
export const navigation = (entries: readonly NavEntry[] = [], current?: string): Html | false => {
  const others = entries.slice(always);
  return (
    entries.length > 0 &&
    html`<nav class="pages" aria-label="Pages"><ul>${entries.slice(0, always).map((one) => entry(one, current))}${others
      .slice(0, roomy)
      .map((one) => entry(one, current, 'wide'))}${more(others, current)}</ul></nav>`
  );
};
