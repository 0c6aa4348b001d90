/** Long lists in pages: what fits one answer, and a cursor that says how many rows came before. */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';
import { charactersFor, DEFAULT_ROWS, fitting } from '../../../../mcp/answer-size.ts';

/** AnswerRows of one answer where the caller asks for so many; of more, it shows the first DEFAULT_ROWS. */
const MOST_ROWS = 200;

export const CursorInput = z.string().max(100).optional().describe('next_cursor');
export const CursorOutput = z.string().optional();

/** AnswerRows that one answer shows to somebody who asked for so many. */
export const rowsShown = (asked: number | undefined): number =>
  asked === undefined || asked > MOST_ROWS ? DEFAULT_ROWS : asked;

const Offset = z.strictObject({ after: z.int().min(0) });

/** @throws invalid_input for a cursor that no answer gave */
export const offsetIn = (cursor: string): number => {
  try {
    return Offset.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString())).after;
  } catch {
    throw new CountersignError('invalid_input', 'cursor: is not one this tool gave. Ask without it.');
  }
};

/** @param after rows that came before */
export const cursorAfter = (after: number): string => Buffer.from(JSON.stringify({ after })).toString('base64url');

/** A page of a list that Google gave whole. */
export const listPage = <T, Shown>(items: readonly T[], cursor: string | undefined, show: (item: T) => Shown) => {
  const from = cursor === undefined ? 0 : offsetIn(cursor);
  const page = fitting(items.slice(from, from + DEFAULT_ROWS).map(show), charactersFor(DEFAULT_ROWS));
  const end = from + page.length;
  return { page, total: items.length, ...(end < items.length && { next_cursor: cursorAfter(end) }) };
};
