/** What a mail address looks like, so that two spellings of one person's address are seen to be one. */
import { domainToUnicode } from 'node:url';
import { lookAlikes } from './look-alikes.ts';

const plain = new Map(
  Object.entries(lookAlikes).flatMap(([looksLike, characters]) =>
    [...characters].map((character): [string, string] => [character, looksLike]),
  ),
);

/** i, l and 1 are one, o and 0, and rn and m (UTS #39). */
const merged = (text: string): string =>
  text
    .replace(/[il1|]/g, 'l')
    .replaceAll('0', 'o')
    .replaceAll('rn', 'm');

/** Without full-width and styled forms, marks, and what is not seen at all. */
const folded = (text: string): string => text.normalize('NFKD').replace(/[\p{M}\p{DI}\p{C}\p{Z}]/gu, '');

/** A capital may look like another letter than its small one: N of Greek like N, its small letter like v. */
const lookOf = (text: string): string =>
  merged(
    [...folded(text)]
      .map((character) => {
        const small = folded(character.toLowerCase());
        return plain.get(character) ?? plain.get(small) ?? plain.get(folded(character.toUpperCase())) ?? small;
      })
      .join(''),
  );

/** Providers under whose domains the dots of a mailbox mean nothing. https://support.google.com/mail/answer/7436150 */
const dotless = new Set(['gmail.com', 'googlemail.com'].map(lookOf));

const withoutQuotes = (text: string): string => text.replace(/\([^)]*\)/g, '').replace(/["\\]/g, '');

/**
 * The skeleton of an address: equal for addresses that reach one mailbox or look the same. It folds case, compatibility
 * forms, marks, invisible characters, look-alikes, a +tag, a dot at the end, comments and quotes. Empty for no address.
 * It errs towards equal: two people whose addresses differ by a look-alike cannot approve each other's changes.
 */
export const skeletonOf = (address: string): string => {
  const inner = /<([^<>]*)>\s*$/.exec(address)?.[1] ?? address;
  const spelled = withoutQuotes(folded(inner)).replace(/^mailto:/i, '');
  if (spelled === '') return '';
  const at = spelled.lastIndexOf('@');
  if (at < 0) return lookOf(spelled);
  const [mailbox = ''] = lookOf(spelled.slice(0, at)).split('+', 1);
  const host = spelled.slice(at + 1);
  const domain = lookOf(domainToUnicode(host) || host).replace(/^\.+|\.+$/g, '');
  const box = mailbox.replace(/^\.+|\.+$/g, '');
  return `${dotless.has(domain) ? box.replaceAll('.', '') : box}@${domain}`;
};
