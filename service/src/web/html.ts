/**
 * A tagged template that builds HTML. Whatever is put into it is escaped, unless it was built by it: text from outside
 * cannot become markup, and cannot hide or reorder what a person reads before they decide.
 */
import { type WriteCharacter, writeOut } from '../visible.ts';

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

const written: WriteCharacter = (codePoint, times) => {
  const code = codePoint.toString(16).toUpperCase().padStart(4, '0');
  return times === 1 ? `⟨U+${code}⟩` : `⟨U+${code} × ${times}⟩`;
};

/** The text with every character that cannot be seen, or that misleads, written out, such as ⟨U+202E⟩. */
export const visible = (text: string): string => writeOut(text, written);

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

/** Text that may break after the marks that join its parts, before it breaks within a word: addresses, ARNs, paths. */
export const breakable = (text: string): Html =>
  html`${text.split(/(?<=[@/:.,_=-])(?=\w)/).map((part, index) => html`${index > 0 && html`<wbr>`}${part}`)}`;
