/**
 * How long an answer is. A model reads all of it, and a client repeats it as text: rows that go on for ever are paged
 * by count and by length, and what is left out is counted.
 */

/** Rows of one answer where the caller asks for no other number. */
export const DEFAULT_ROWS = 20;
/** Characters of those rows as JSON. With counts around them, and all of it repeated as text, an answer stays below 20 kB. */
const DEFAULT_CHARACTERS = 6600;
/** Characters where the caller asks for more rows. Clients cut results off at about 150,000. */
const MOST_CHARACTERS = 90_000;

/** @param limit rows the caller asked for */
export const charactersFor = (limit: number): number => (limit <= DEFAULT_ROWS ? DEFAULT_CHARACTERS : MOST_CHARACTERS);

/** The first rows that fit together, one at least. */
export const fitting = <Row>(rows: readonly Row[], characters: number): Row[] => {
  let taken = 0;
  const end = rows.findIndex((row, at) => {
    taken += JSON.stringify(row).length;
    return at > 0 && taken > characters;
  });
  return end === -1 ? [...rows] : rows.slice(0, end);
};

/** The first members of an object that fit together, and how many do not. */
export const fittingMembers = <Value>(
  members: Readonly<Record<string, Value>>,
  characters: number,
): { readonly shown: Record<string, Value>; readonly leftOut: number } => {
  const entries = Object.entries(members);
  const shown = fitting(entries, characters);
  return { shown: Object.fromEntries(shown), leftOut: entries.length - shown.length };
};
