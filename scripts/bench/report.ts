/** The numbers as a part of docs/performance.md; the words around them are written by hand. */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import type { Measured } from './process.ts';

export interface Report {
  readonly calls: readonly (Measured & { readonly name: string; readonly era: string })[];
  readonly footprints: readonly {
    readonly store: string;
    readonly startMilliseconds: number;
    readonly idleMegabytes: number;
    /** After some thousand calls. */
    readonly usedMegabytes: number;
  }[];
  /** Of one run. */
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
}

/** Parts of docs/performance.md that are measured, in the order they are measured in. */
export const parts = ['calls', 'reads', 'platform', 'alarms', 'ingest'] as const;
export type Part = (typeof parts)[number];

const file = resolve(import.meta.dirname, '../../docs/performance.md');
const begin = (part: string): string => `<!-- numbers of npm run bench, ${part}, begin -->`;
const end = (part: string): string => `<!-- numbers of npm run bench, ${part}, end -->`;

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Markdown. Ratios are to the McpServer per request of the same revision. */
export const tell = ({ calls, footprints, seconds, rounds, connections }: Report): string => {
  const base = new Map(calls.filter(({ name }) => name === calls[0]?.name).map(({ era, rate }) => [era, rate]));
  const rows = calls.map(({ name, era, rate, p50, p99, cpu }) => {
    const ratio = rate / (base.get(era) ?? rate);
    return `| ${name} | ${era} | ${whole(rate)} | ${ratio.toFixed(1)} | ${whole(p50)} | ${whole(p99)} | ${whole(cpu)} |`;
  });
  const [cpu] = cpus();
  return [
    `Node ${process.version}, ${cpu?.model.trim() ?? 'unknown processor'}, one core for the server and one for the load;`,
    `${connections} connections, medians of ${rounds} runs of ${seconds} s after a warm-up.`,
    '',
    '| server | revision | calls/s | ratio | p50 ms | p99 ms | CPU µs a call |',
    '|---|---|--:|--:|--:|--:|--:|',
    ...rows,
    '',
    '| store | start to the first answer of /health, ms | resident memory when idle, MB | after use, MB |',
    '|---|--:|--:|--:|',
    ...footprints.map(
      (f) => `| ${f.store} | ${whole(f.startMilliseconds)} | ${whole(f.idleMegabytes)} | ${whole(f.usedMegabytes)} |`,
    ),
  ].join('\n');
};

/**
 * Puts the numbers of a part where its last ones were.
 * @throws when docs/performance.md has no place for them
 */
export const record = async (part: Part, told: string): Promise<void> => {
  const text = await readFile(file, 'utf8');
  const [from, to] = [text.indexOf(begin(part)), text.indexOf(end(part))];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no ${begin(part)} and ${end(part)}`);
  await writeFile(file, `${text.slice(0, from)}${begin(part)}\n\n${told}\n\n${text.slice(to)}`);
};
