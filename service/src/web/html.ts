/**
 * A tagged template that builds HTML. Whatever is put into it is escaped, unless it was built by it: text from outside
 * cannot become markup, and cannot hide or reorder what a person reads before they decide.
 */

class Markup {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  toString(): string {
    return this.#source;
  }
}

/** HTML that is safe to send: only `html` makes it. */
export type Html = Markup;

/** What a template takes. Nothing is shown for false, null and undefined; lists are shown one after the other. */
export type Value = Html | string | number | false | null | undefined | readonly Value[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

// Unicode TR36 2: controls, bidi overrides, zero-width and other ignorable characters, blanks that look like a space,
// and marks stacked higher than any script needs. Each with what repeats it.
const unseen =
  /([\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}|(?<=\p{M}{3})\p{M})\1*/gu;

const written = (run: string, character: string): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const times = run.length / character.length;
  return times === 1 ? `⟨U+${code}⟩` : `⟨U+${code} × ${times}⟩`;
};

/** The text with every character that cannot be seen, or that moves others, written out, such as ⟨U+202E⟩. */
export const visible = (text: string): string => text.replace(unseen, written);

const escaped = (text: string): string =>
  visible(text).replace(/[&<>"'`]/g, (character) => entities[character] ?? character);

const render = (value: Value): string => {
  if (value instanceof Markup) return value.toString();
  if (Array.isArray(value)) return value.map(render).join('');
  return value === false || value === null || value === undefined ? '' : escaped(String(value));
};

/** Builds HTML. Attribute values must be quoted in the template. */
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Html =>
  new Markup(strings.map((part, index) => part + (index < values.length ? render(values[index]) : '')).join(''));

/** Text of several lines, as its writer broke them. */
export const lines = (text: string): Html => {
  const [first = '', ...rest] = text.split(/\r\n|\r|\n/);
  return html`${first}${rest.map((line) => html`<br>${line}`)}`;
};
