/** Which keys objects may have: the same ones in a bucket and in a folder, and none that leads out of either. */
import { CountersignError } from '../errors.ts';

/** Links carry the key, and firewalls refuse queries of more than 2,048 bytes. */
const LONGEST = 400;
// What every file system and every URL takes as it is: no separators but our own, no letter with two spellings, and no part
// that begins with a dot, which also rules out `.` and `..`.
const part = '(?!\\.)[A-Za-z0-9._=-]{1,200}';
const key = new RegExp(`^${part}(?:/${part})*$`);

const wrong = (what: string, text: string): CountersignError =>
  new CountersignError(
    'invalid_input',
    `${JSON.stringify(text.slice(0, 80))} is no ${what} of an object: write up to ${LONGEST} letters, digits and . _ = - in parts between slashes, none of which begins with a dot`,
  );

/** @throws invalid_input */
export const checkKey = (text: string): string => {
  if (text.length <= LONGEST && key.test(text)) return text;
  throw wrong('key', text);
};

/** @throws invalid_input unless it is empty or a key with a slash behind it */
export const checkFolder = (text: string): string => {
  if (text === '' || (text.length <= LONGEST && text.endsWith('/') && key.test(text.slice(0, -1)))) return text;
  throw wrong('folder', text);
};

const MOST = 1000;

/** @throws invalid_input */
export const checkPage = ({ limit = 100, cursor }: { readonly limit?: number; readonly cursor?: string } = {}) => {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new CountersignError('invalid_input', `limit must be a whole number from 1 to ${MOST}`);
  return { limit, ...(cursor === undefined ? {} : { cursor: checkKey(cursor) }) };
};
