/** What all answers of the pack share. */
import { clean } from '../../../../untrusted.ts';

export const readOnly = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
} as const;

/** Longest address or search term that an answer shows. */
const MOST_TEXT = 300;

export const shown = (text: string): string => clean(text, MOST_TEXT);
export const shownOrNull = (text: string | undefined): string | null => (text === undefined ? null : shown(text));
