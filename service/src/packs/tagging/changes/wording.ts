/** Words of plans: counts, lists, and text from outside as quotations. */
import { clean } from '../../../untrusted.ts';

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Most pairs, accounts and spellings a sentence names, and the most characters of one. */
export const mostNamed = 3;
const mostCharacters = 60;

/** Text from outside as a quotation that cannot end itself. */
export const quoted = (text: string): string => `"${clean(text.replace(/["\\]/g, '\\$&'), mostCharacters)}"`;

/** What cannot be taken for words of the sentence needs no quotes. */
export const named = (text: string): string => (/^[\w:/@+-]{1,40}$/.test(text) ? text : quoted(text));

const enumeration = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** `a, b and c`; of many, the first ones and how many more. */
export const listed = (texts: readonly string[], what: string): string => {
  const rest = texts.length - mostNamed;
  return enumeration.format(rest > 0 ? [...texts.slice(0, mostNamed), counted(rest, `more ${what}`)] : texts);
};
