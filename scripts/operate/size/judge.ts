/** Whether tasks are too large or too small, by what they used. */
import { doubled, halved, type Size } from './pair.ts';

/** Minutes that say anything: those of a day. Two weekends of a weekend service have more. */
export const LEAST_MINUTES = 1440;
const IDLE_CPU = 30;
const IDLE_MEMORY = 50;
const BUSY = 70;

/** Averages a minute, in percent of the task's size. */
export interface Usage {
  readonly cpu: readonly number[];
  readonly memory: readonly number[];
}

export interface Verdict<S = Size> {
  readonly minutes: number;
  readonly cpuP95?: number;
  readonly memoryMax?: number;
  readonly verdict: 'halve' | 'double' | 'keep' | 'unknown';
  /** Absent where the size stays. */
  readonly wanted?: S;
  readonly why: string;
}

/** By nearest rank: the least value that so many percent of all are not above. */
export const percentile = (values: readonly number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil((percent / 100) * values.length) - 1)] ?? 0;

/** The sizes beside the one that was used. */
interface Beside<S> {
  halved(): S | undefined;
  doubled(short: { readonly cpu: boolean; readonly memory: boolean }): S | undefined;
  /** Why there is no such size, and what to do instead. */
  none(which: 'larger' | 'smaller'): string;
}

export const judgeUsage = <S>({ cpu, memory }: Usage, beside: Beside<S>): Verdict<S> => {
  const minutes = Math.min(cpu.length, memory.length);
  if (minutes < LEAST_MINUTES)
    return { minutes, verdict: 'unknown', why: `${minutes} minutes say too little: ${LEAST_MINUTES} are needed` };
  const cpuP95 = percentile(cpu, 95);
  const memoryMax = percentile(memory, 100);
  const seen = { minutes, cpuP95, memoryMax };
  const short = { cpu: cpuP95 > BUSY, memory: memoryMax > BUSY };
  if (short.cpu || short.memory) {
    const what = [...(short.cpu ? ['CPU'] : []), ...(short.memory ? ['memory'] : [])].join(' and ');
    const wanted = beside.doubled(short);
    return wanted === undefined
      ? { ...seen, verdict: 'keep', why: `${what} over ${BUSY} %, and ${beside.none('larger')}` }
      : { ...seen, verdict: 'double', wanted, why: `${what} over ${BUSY} %` };
  }
  if (cpuP95 >= IDLE_CPU || memoryMax >= IDLE_MEMORY) return { ...seen, verdict: 'keep', why: 'used as it should be' };
  const wanted = beside.halved();
  return wanted === undefined
    ? { ...seen, verdict: 'keep', why: `hardly used, and ${beside.none('smaller')}` }
    : { ...seen, verdict: 'halve', wanted, why: `CPU below ${IDLE_CPU} %, memory below ${IDLE_MEMORY} %` };
};

export const judge = (usage: Usage, size: Size): Verdict =>
  judgeUsage(usage, {
    halved: () => halved(size),
    doubled: (short) => doubled(size, short),
    none: (which) => `Fargate has nothing ${which}: run ${which === 'larger' ? 'more' : 'fewer'} tasks`,
  });

/** One size is for all services of an environment: it shrinks where each may, and grows where one must. */
export const together = (verdicts: readonly Verdict[]): Size | undefined => {
  const known = verdicts.filter(({ verdict }) => verdict !== 'unknown');
  const growing = known.flatMap(({ verdict, wanted }) => (verdict === 'double' && wanted ? [wanted] : []));
  if (growing.length > 0)
    return growing.reduce((most, each) => (each.cpu * each.memory > most.cpu * most.memory ? each : most));
  return known.length > 0 && known.every(({ verdict }) => verdict === 'halve') ? known[0]?.wanted : undefined;
};
