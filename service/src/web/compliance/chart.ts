/**
 * The score over time as inline SVG. The drawing stretches to the width it has, while strokes keep theirs; labels are
 * HTML around it, so they stay readable on a phone.
 */
import { day, percent, plural } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { ScanPoint } from '../props.ts';

/** Units of the drawing; x is time, y is the score from 0 at the bottom to 1 at the top. */
const width = 1000;
const height = 100;
/** Scans from which their dots are drawn smaller. */
const denseFrom = 40;
const gridLines = [0, 0.25, 0.5, 0.75, 1];

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly complete: boolean;
}

const hasScore = (point: ScanPoint): point is ScanPoint & { score: number } => point.score !== null;
const round = (value: number): number => Math.round(value * 100) / 100;

/** Where each scan with a score is drawn. The times span the whole width; a single one stands in the middle. */
export const dots = (history: readonly ScanPoint[]): Dot[] => {
  const scored = history.filter(hasScore);
  const times = scored.map((point) => Date.parse(point.timestamp));
  const first = Math.min(...times);
  const span = Math.max(...times) - first;
  return scored.map((point) => ({
    x: span === 0 ? width / 2 : round(((Date.parse(point.timestamp) - first) / span) * width),
    y: round((1 - point.score) * height),
    complete: point.dataQuality === 'complete',
  }));
};

/** The same in words. */
export const chartWords = (history: readonly ScanPoint[]): string => {
  const scored = history.filter(hasScore);
  const first = scored[0];
  const last = scored.at(-1);
  if (first === undefined || last === undefined) return 'No scan with a score.';
  const scores = scored.map((point) => point.score);
  const partial = scored.filter((point) => point.dataQuality !== 'complete').length;
  return `${plural(scored.length, 'scan')}: ${percent(first.score)} on ${day(first.timestamp)}, ${percent(last.score)} on ${day(last.timestamp)}; lowest ${percent(Math.min(...scores))}, highest ${percent(Math.max(...scores))}. ${partial === 0 ? 'All saw everything.' : `${plural(partial, 'scan')} saw only a part.`}`;
};

// A line of no length with round ends is a dot that does not stretch with the drawing.
const dot = ({ x, y }: Dot, kind: string): Html => html`<path class="${kind}" d="M${x} ${y}h0"/>`;

export const chart = (history: readonly ScanPoint[]): Html => {
  const drawn = dots(history);
  const partial = drawn.filter(({ complete }) => !complete);
  const scored = history.filter(hasScore);
  return html`<figure class="chart panel"><figcaption><strong>Compliant resources</strong> <span class="quiet">share of all in scope, by scan</span></figcaption>
<div class="plot${drawn.length > denseFrom && html` dense`}"><div class="scale" aria-hidden="true">${[...gridLines].reverse().map((level) => html`<span>${level * 100}%</span>`)}</div>
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-labelledby="chart-title chart-words"><title id="chart-title">Compliance over time</title><desc id="chart-words">${chartWords(history)}</desc>
${gridLines.map((level) => html`<path class="rule" d="M0 ${(1 - level) * height}H${width}"/>`)}
${drawn.length > 1 && html`<path class="line" d="${drawn.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')}"/>`}
${drawn.map((point) => dot(point, 'dot'))}${partial.map((point) => dot(point, 'hole'))}</svg>
<div class="times" aria-hidden="true">${[...new Set([scored[0], scored.at(-1)].flatMap((point) => (point ? [day(point.timestamp)] : [])))].map((label) => html`<span>${label}</span>`)}</div></div>
<p class="key quiet small"><span class="dot-key" aria-hidden="true"></span> complete scan <span class="dot-key hollow" aria-hidden="true"></span> partial scan: some resources could not be read</p></figure>`;
};
