/**
 * Text from outside: tags, names and ids that anybody with access to an account may have written, and what people give
 * as reasons and comments. It is handed on as data: control and invisible characters made visible, length capped, and
 * every result says which fields hold it.
 */
import { z } from 'zod';
import { type WriteCharacter, writeOut } from './visible.ts';

/** Longest tag value AWS allows. */
const MAX_LENGTH = 256;
const escaped: WriteCharacter = (codePoint, times) => `\\u{${codePoint.toString(16)}}`.repeat(times);

const capped = (text: string, maxLength: number): string => {
  const points = [...text];
  return points.length > maxLength ? `${points.slice(0, maxLength).join('')}…` : text;
};

/** One line of visible characters. */
export const clean = (text: string, maxLength = MAX_LENGTH): string => writeOut(capped(text, maxLength), escaped);

/** What a person wrote, on the lines they wrote it. */
export const cleanProse = (text: string, maxLength = MAX_LENGTH): string =>
  capped(text, maxLength)
    .split(/\r\n|\r|\n/)
    .map((line) => writeOut(line, escaped))
    .join('\n');

type Json = z.output<ReturnType<typeof z.json>>;

/** A value with every text in it cleaned, names of members too. */
export const cleanJson = (value: Json, maxLength?: number): Json => {
  if (typeof value === 'string') return clean(value, maxLength);
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, maxLength));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [clean(key), cleanJson(member, maxLength)]));
};

export const cleanTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [clean(key), clean(value)]));

/** Names the fields of a result with text from outside. Once for all tools the instructions say how to take it. */
export const UntrustedText = z.array(z.string());
