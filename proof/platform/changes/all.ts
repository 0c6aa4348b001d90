/** Tries every change of the table on an environment that stands. */
import type { Rig } from '../rig.ts';
import { attribution } from './attribution.ts';
import type { Outcome } from './outcomes.ts';
import { changeRows } from './table.ts';
import { outcomesOf, problemsOf, rollingOf } from './tried.ts';
import { type Changes, openWorkbench } from './workbench.ts';

export interface Tried {
  readonly outcomes: readonly Outcome[];
  readonly problems: readonly string[];
  /** Titles of the changes that would roll a colour with traffic. */
  readonly rolling: readonly string[];
}

/**
 * @param rig has applied the environment
 * @param given settings it was applied with besides its file's
 */
export const tryChanges = async (rig: Rig, given: Changes): Promise<Tried> => {
  const own = changeRows.filter(({ environment }) => environment === rig.workspace.environment);
  if (own.length === 0) return { outcomes: [], problems: [], rolling: [] };
  const bench = openWorkbench(rig, given);
  const base = await bench.blocks({});
  const outcomes: Outcome[] = [];
  const problems: string[] = [];
  const rolling: string[] = [];
  // One after the other: each plan takes a processor and half a gigabyte.
  for (const letter of new Set(own.map(({ plan }) => plan))) {
    const rows = own.filter(({ plan }) => plan === letter);
    const subjects = [];
    for (const row of rows) subjects.push({ row, blocks: await bench.blocks(row.changes) });
    const planned = await bench.plan(letter, Object.assign({}, ...rows.map(({ changes }) => changes)) as Changes);
    const owners = attribution(base, subjects, planned.plan);
    rolling.push(...rollingOf(planned, rows, owners));
    outcomes.push(...outcomesOf(planned, rows, owners));
    problems.push(...problemsOf(planned, rows, owners).map((problem) => `${letter}: ${problem}`));
  }
  return { outcomes, problems, rolling };
};
