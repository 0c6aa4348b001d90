/**
 * Which characters of a text a reader cannot see, or takes for others: one definition for pages and for models. What
 * ordinary writing needs stays: emoji and their joiners, the joiners of Persian and of Indic scripts, no-break spaces.
 */

// Unicode TR36 2: controls, bidi overrides, zero-width and other ignorable characters, blanks that look like a space,
// unassigned code points, and marks stacked higher than any script needs. Each with what repeats it.
const unseen =
  /([\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?!\p{Extended_Pictographic})\p{Cn}|(?! )\p{Zs}|(?<=\p{M}{3})\p{M})\1*/gu;

/** No-break spaces: French sets one before a colon, and word processors set them everywhere. */
const noBreakSpace = /^[\u00a0\u202f]/;

/** Where a variation selector or a joiner does its work, by the text before and after it. */
const needed: readonly { readonly what: RegExp; readonly before: RegExp; readonly after: RegExp }[] = [
  // Unicode TR51: text or emoji presentation, and keycaps.
  { what: /^[\ufe0e\ufe0f]$/, before: /[^\d#*](?<=\p{Emoji})$/u, after: /^/ },
  { what: /^\ufe0f$/, before: /[\d#*]$/, after: /^\u20e3/ },
  // Unicode TR51: families and professions are emoji that are joined.
  {
    what: /^\u200d$/,
    before: /\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?$/u,
    after: /^\p{Extended_Pictographic}/u,
  },
  // RFC 5892 A.1 and A.2: scripts whose letters join, or stack on a virama.
  {
    what: /^[\u200c\u200d]$/,
    before:
      /[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}](?<=[\p{L}\p{M}])$/u,
    after:
      /^[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}](?<=[\p{L}\p{M}])/u,
  },
];

/** UTF-16 units of the surroundings that are looked at: an emoji with its modifier, or a letter with its marks. */
const AROUND = 8;

const isNeeded = (character: string, text: string, at: number): boolean => {
  const before = text.slice(Math.max(0, at - AROUND), at);
  const after = text.slice(at + character.length, at + character.length + AROUND);
  return needed.some((one) => one.what.test(character) && one.before.test(before) && one.after.test(after));
};

const word = /[\p{L}\p{M}]+/gu;
const latin = /\p{sc=Latn}/u;
// Scripts with letters that look like Latin ones. Of Greek only those: Δt and kΩ are how units are written.
const foreign = /[\p{sc=Cyrl}\p{sc=Armn}\p{sc=Cher}\p{sc=Lisu}ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορτυχ]/u;

/** Within one word, the letters of the script that fewer of them are of. */
const strangers = (text: string): RegExp | undefined => {
  if (!latin.test(text) || !foreign.test(text)) return undefined;
  const letters = [...text];
  const own = letters.filter((letter) => latin.test(letter)).length;
  return letters.filter((letter) => foreign.test(letter)).length > own ? latin : foreign;
};

/** How one character is written out, or a run of the same. `beside` it stays, where it can be seen but misleads. */
export type WriteCharacter = (codePoint: number, times: number) => string;

/**
 * The text with every character written out that cannot be seen or that moves others, and every letter followed by its
 * code that pretends to be one of another script: a Cyrillic а within a Latin word.
 */
export const writeOut = (text: string, write: WriteCharacter): string =>
  text
    .replace(word, (letters) => {
      const strange = strangers(letters);
      if (strange === undefined) return letters;
      return [...letters]
        .map((letter) => (strange.test(letter) ? letter + write(letter.codePointAt(0) ?? 0, 1) : letter))
        .join('');
    })
    .replace(unseen, (run: string, character: string, at: number, whole: string) => {
      if (noBreakSpace.test(run)) return ' '.repeat(run.length);
      if (run === character && isNeeded(character, whole, at)) return run;
      return write(character.codePointAt(0) ?? 0, run.length / character.length);
    });
