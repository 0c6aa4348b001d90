/** Sorting of many rows, with turns for others. Files of alarms are nearly sorted, which a merge of their runs makes use of. */
import type { WorkTurns } from './work-turns.ts';

/** Below zero: the row a comes first. */
type CompareRows = (a: number, b: number) => number;

const valueAt = (rows: Uint32Array, at: number): number => rows[at] ?? 0;

/** Where each run of rows that are in order begins, and the end of the last one. */
const runsOf = async (rows: Uint32Array, compare: CompareRows, turns: WorkTurns): Promise<number[]> => {
  const bounds = [0];
  for (let at = 1; at < rows.length; at += 1) {
    if (turns.due()) await turns.pass();
    if (compare(valueAt(rows, at - 1), valueAt(rows, at)) > 0) bounds.push(at);
  }
  if (rows.length > 0) bounds.push(rows.length);
  return bounds;
};

/** The runs [from, middle) and [middle, to) become one of `target`. */
const mergeRuns = async (
  source: Uint32Array,
  target: Uint32Array,
  [from, middle, to]: readonly [number, number, number],
  compare: CompareRows,
  turns: WorkTurns,
): Promise<void> => {
  let [left, right] = [from, middle];
  for (let at = from; at < to; at += 1) {
    if (turns.due()) await turns.pass();
    const takesLeft = right >= to || (left < middle && compare(valueAt(source, left), valueAt(source, right)) <= 0);
    target[at] = valueAt(source, takesLeft ? left : right);
    if (takesLeft) left += 1;
    else right += 1;
  }
};

/** The numbers of `count` rows in their order. Rows that compare as equal stay as they are. */
export const sortedRows = async (count: number, compare: CompareRows, turns: WorkTurns): Promise<Uint32Array> => {
  let rows = Uint32Array.from({ length: count }, (_, row) => row);
  let bounds = await runsOf(rows, compare, turns);
  if (bounds.length <= 2) return rows;
  let spare = new Uint32Array(count);
  while (bounds.length > 2) {
    const merged = [0];
    for (let run = 0; run < bounds.length - 1; run += 2) {
      const [from = 0, middle = count, to = middle] = bounds.slice(run, run + 3);
      await mergeRuns(rows, spare, [from, middle, to], compare, turns);
      merged.push(to);
    }
    [rows, spare] = [spare, rows];
    bounds = merged;
  }
  return rows;
};
