/** Keywords as people give them, checked before any call of Google. */
import { z } from 'zod';
import { matchTypes, sameKeyword } from '../../google/ads/keywords.ts';

const MOST_KEYWORDS = 50;
const MOST_CHARACTERS = 80;
const MOST_WORDS = 10;

const words = (text: string): number => text.split(' ').length;

export const keywordShape = {
  text: z
    .string()
    .overwrite((text) => text.trim().replaceAll(/\s+/g, ' '))
    .refine((text) => text !== '', 'must not be empty')
    .refine((text) => [...text].length <= MOST_CHARACTERS, `must have at most ${MOST_CHARACTERS} characters`)
    .refine((text) => words(text) <= MOST_WORDS, `must have at most ${MOST_WORDS} words`),
  matchType: z.enum(matchTypes),
};

interface Given {
  readonly text: string;
  readonly matchType: string;
}

const once = (keywords: readonly Given[]): boolean => new Set(keywords.map(sameKeyword)).size === keywords.length;

export const keywordsOf = <Shape extends z.ZodType<Given>>(keyword: Shape) =>
  z
    .array(keyword)
    .min(1)
    .max(MOST_KEYWORDS, `must be at most ${MOST_KEYWORDS}: ask for the others in another call`)
    .refine(once, 'must name each keyword and match type once');
