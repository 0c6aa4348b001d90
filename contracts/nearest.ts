/** Finds the word that was meant where a name is unknown: settings, variables, options, environments. */

/** Insertions, deletions, replacements and swaps of neighbours that make one text of the other. */
export const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = at(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped =
        a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] ? at(row - 2, column - 2) + 1 : replaced;
      line.push(Math.min(at(row - 1, column) + 1, (line[column - 1] ?? 0) + 1, replaced, swapped));
    }
  }
  return at(a.length, b.length);
};

/** Two slips are forgiven in a short word, and half of a long one. */
const forgiven = (word: string): number => Math.max(2, word.length / 2);

/** Such as stag for staging, production for prod, alerts/prod for examples/alerts/prod. */
const isPartOf = (word: string, known: string): boolean =>
  Math.min(word.length, known.length) > 2 &&
  (known.startsWith(word) || known.endsWith(`/${word}`) || word.startsWith(known));

/**
 * The known word that is nearest to an unknown one. Ignores case.
 * @returns undefined where none is near
 */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const wanted = word.toLowerCase();
  const [best] = known
    .map((name) => ({ name, off: isPartOf(wanted, name.toLowerCase()) ? 0.5 : distance(wanted, name.toLowerCase()) }))
    .filter(({ name, off }) => off <= forgiven(wanted) && off < Math.max(wanted.length, name.length))
    .toSorted((a, b) => a.off - b.off);
  return best?.name;
};

/** `; did you mean dev?`, or nothing where no known word is near. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const meant = nearest(word, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
};
