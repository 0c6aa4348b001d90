/** Texts of senders that nobody can be asked to mend: cut to what is kept, and never a reason to refuse a whole post. */
import { siteCode } from '../model/element.ts';

/** Characters that are kept. */
export const kept = { name: 256, element: 512, label: 1024, prose: 4096 } as const;
/** Labels or annotations that are kept of one alert. */
export const MOST_LABELS = 64;

export const cut = (text: string, characters: number): string =>
  text.length <= characters ? text : text.slice(0, characters).toWellFormed();

/** Empty where it is no site: the label itself is kept. */
export const siteOf = (text: string | undefined): string => {
  const code = (text ?? '').trim().toUpperCase();
  return siteCode.test(code) ? code : '';
};

export const pairsOf = (pairs: Readonly<Record<string, string>>, characters: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(pairs)
      .slice(0, MOST_LABELS)
      .map(([key, value]) => [cut(key, kept.name), cut(value, characters)]),
  );
