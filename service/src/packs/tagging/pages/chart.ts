/**
 * The score over time as inline SVG. The drawing stretches to the width it has, while strokes keep theirs; labels are
 * HTML around it, so they stay readable on a phone.
 */
import { percent, plural } from '../../../measures/words.ts';
import { day } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import type { ScanPoint } from '../scan/scans.ts';

/** Units of the drawing; x is time, y is the score within the scale. */
const width = 1000;
const height = 100;
/** Scans from which their dots are drawn smaller. */
const denseFrom = 40;
/** Sizes of a step between two lines, in hundredths, and the most lines there may be. */
const steps = [1, 2, 5, 10, 20, 25, 50];
const mostLines = 5;

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly complete: boolean;
}

const hasScore = (point: ScanPoint): point is ScanPoint & { score: number } => point.score !== null;
const round = (value: number): number => Math.round(value * 100) / 100;

/** The height of a score on a scale, from the top down. */
const placeIn = (scale: readonly number[]) => {
  const bottom = scale[0] ?? 0;
  const span = (scale.at(-1) ?? 1) - bottom;
  return (score: number): number => round((1 - (score - bottom) / span) * height);
};

/**
 * Levels of the lines, from the lowest up: round numbers that enclose the scores. The scale does not begin at zero where
 * the scores are far from it, because a change of a few points would look like none; its labels say where it begins.
 */
export const scaleOf = (scores: readonly number[]): number[] => {
  const [low, high] = scores.length === 0 ? [0, 100] : [Math.min(...scores) * 100, Math.max(...scores) * 100];
  for (const step of steps) {
    const bottom = Math.max(0, Math.min(Math.floor(low / step) * step, 100 - 2 * step));
    const top = Math.min(100, Math.max(Math.ceil(high / step) * step, bottom + 2 * step));
    const levels = Math.round((top - bottom) / step) + 1;
    if (levels <= mostLines) return Array.from({ length: levels }, (_, index) => (bottom + index * step) / 100);
  }
  return [0, 0.5, 1];
};

/** Where each scan with a score is drawn. The times span the whole width; a single one stands in the middle. */
export const dots = (history: readonly ScanPoint[]): Dot[] => {
  const scored = history.filter(hasScore);
  const place = placeIn(scaleOf(scored.map(({ score }) => score)));
  const times = scored.map((point) => Date.parse(point.timestamp));
  const first = Math.min(...times);
  const span = Math.max(...times) - first;
  return scored.map((point) => ({
    x: span === 0 ? width / 2 : round(((Date.parse(point.timestamp) - first) / span) * width),
    y: place(point.score),
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

/** What the drawing begins, ends and bottoms out at, in words that everybody can read. */
const ends = (scored: readonly (ScanPoint & { score: number })[]): Html | false => {
  const [first, last] = [scored[0], scored.at(-1)];
  if (first === undefined || last === undefined) return false;
  const scores = scored.map(({ score }) => score);
  return html`<p class="small">First ${percent(first.score)}, last <strong>${percent(last.score)}</strong>, lowest ${percent(Math.min(...scores))}, highest ${percent(Math.max(...scores))}</p>`;
};

export const chart = (history: readonly ScanPoint[]): Html => {
  const drawn = dots(history);
  const partial = drawn.filter(({ complete }) => !complete);
  const scored = history.filter(hasScore);
  const scale = scaleOf(scored.map(({ score }) => score));
  const place = placeIn(scale);
  return html`<figure class="chart panel"><figcaption><strong>Compliant resources</strong> <span class="quiet">share of all in scope, by scan</span></figcaption>
<div class="plot${drawn.length > denseFrom && html` dense`}"><div class="scale" aria-hidden="true">${scale.toReversed().map((level) => html`<span>${Math.round(level * 100)}%</span>`)}</div>
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-labelledby="chart-title chart-words"><title id="chart-title">Compliance over time</title><desc id="chart-words">${chartWords(history)}</desc>
${scale.map((level) => html`<path class="rule" d="M0 ${place(level)}H${width}"/>`)}
${drawn.length > 1 && html`<path class="line" d="${drawn.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')}"/>`}
${drawn.map((point) => dot(point, 'dot'))}${partial.map((point) => dot(point, 'hole'))}</svg>
<div class="times" aria-hidden="true">${[...new Set([scored[0], scored.at(-1)].flatMap((point) => (point ? [day(point.timestamp)] : [])))].map((label) => html`<span>${label}</span>`)}</div></div>
${ends(scored)}
<p class="key quiet small"><span class="dot-key" aria-hidden="true"></span> complete scan <span class="dot-key hollow" aria-hidden="true"></span> partial scan: some resources could not be read</p></figure>`;
};
