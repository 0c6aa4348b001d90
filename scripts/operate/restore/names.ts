/** What copies are called. */

/** `20261130`, as names have it. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10).replaceAll('-', '');

// RDS takes no longer identifier.
const MOST_LETTERS = 63;

/** Of a copy of a database instance. */
export const copyName = (source: string, label: string): string =>
  `${source.slice(0, MOST_LETTERS - label.length - 1).replace(/-+$/, '')}-${label}`;
