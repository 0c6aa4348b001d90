/** The mark: a check, and two strokes countersigning it. Drawn once, for the header and for the browser's tab. */
import { type Html, html } from './html.ts';

const strokes = html`<path d="M5 14.5l5.5 5.5L23 6.5"/><path d="M8 27.5c6-1 12-1 18.500-2.500"/><path d="M13 23.200c5-.6 9.500-.9 14-2"/>`;

/** The mark in the text colour, for use inside a page. */
export const mark: Html = html`<svg class="mark" viewBox="0 0 32 32" width="28" height="28" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${strokes}</svg>`;

/** The mark on its own plate, as an SVG document: legible on light and dark tab bars. */
export const markDocument: string =
  html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 40 40"><rect x="-4" y="-4" width="40" height="40" rx="9" fill="#1d3a6b"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">${strokes}</g></svg>`.toString();
