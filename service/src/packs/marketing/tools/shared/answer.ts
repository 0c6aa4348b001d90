/** What all answers of the pack share. */
import { z } from 'zod';
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

/** AnswerRows whose members speak for themselves. The list of tools does not name them: every model reads all of that list first. */
export const AnswerRows = z.array(z.looseObject({}));
