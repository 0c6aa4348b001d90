/** How long the analyses of alarms take over a million of them, and the memory they need, beside the goals. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

export interface AlarmFigures {
  readonly alarms: number;
  readonly rounds: number;
  /** Processor time: event objects are opened, unzipped, parsed and put into columns. */
  readonly readSeconds: number;
  /** All four methods, once the alarms are read. */
  readonly correlationSeconds: number;
  /** Once they are read. */
  readonly causeSeconds: number;
  /** The health of all sites, reading included. */
  readonly boardSeconds: number;
  readonly columnMegabytes: number;
  /** Pairs that are reported. */
  readonly pairs: number;
  /** What is live at any time of reading and analysing, without the garbage. */
  readonly liveMegabytes: number;
}

const ALARMS = 1_000_000;
const GOAL_SECONDS = 5;
/** Time 8 bytes, severity 1, item 4, site 4: rows are kept site by site, so that they need no column for it. */
const GOAL_COLUMNS = (17 * ALARMS) / 2 ** 20;
/** "Not hundreds." */
const GOAL_LIVE = 100;

export const measureAlarms = async (rounds: number, alarms = ALARMS): Promise<AlarmFigures> => {
  const work = resolve(import.meta.dirname, 'alarms-work.ts');
  const args = ['--expose-gc', work, String(alarms), String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 20 });
  return JSON.parse(stdout);
};

/** Markdown. */
export const tellAlarms = (figures: AlarmFigures): string => {
  const { alarms, rounds, readSeconds, correlationSeconds, causeSeconds } = figures;
  const whole = readSeconds + correlationSeconds + causeSeconds;
  const row = (what: string, value: number, goal?: number): string =>
    `| ${what} | ${value.toFixed(1)} | ${goal === undefined ? '' : goal.toFixed(0)} |`;
  return [
    `${alarms.toLocaleString('en-US')} alarms of a week at 2,000 sites, ${figures.pairs.toLocaleString('en-US')} pairs to report; medians of ${rounds} runs, processor time of one core.`,
    '',
    '| | s | goal |',
    '|---|--:|--:|',
    row('open, unzip and parse the events, and put them into columns', readSeconds),
    row('all four methods of correlation', correlationSeconds),
    row('root causes', causeSeconds),
    row('these together', whole, GOAL_SECONDS),
    row('health of all sites, reading included', figures.boardSeconds, GOAL_SECONDS),
    '',
    '| | MB | goal |',
    '|---|--:|--:|',
    row('columns', figures.columnMegabytes, GOAL_COLUMNS),
    row('live at most while all of it is read and analysed', figures.liveMegabytes, GOAL_LIVE),
  ].join('\n');
};
