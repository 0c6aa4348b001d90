/**
 * Settings that are plain values: strings, numbers, true, false, null, lists and maps. That is all a tfvars file may hold,
 * and reading it here saves starting HCL's own parser, 12 MB of WebAssembly.
 *
 * Whatever is not plain, or not right, answers undefined: HCL's own parser then reads it, or says what is wrong.
 */

/** The kinds in the order of the groups of `tokens`. */
const kinds = ['newline', 'string', 'number', 'name', 'mark'] as const;

interface Token {
  readonly kind: (typeof kinds)[number];
  readonly text: string;
}

/** An object, whose keys are sorted as HCL's own parser sorts them; no key twice. */
type Entries = Record<string, unknown>;

// No templates, escapes of JSON only, and numbers that no reader rounds.
const tokens =
  /[ \t]*(?:(?:#|\/\/)[^\n]*)?(?:(\n)|("(?:[^"\\$%\p{Cc}]|\\["\\nt]|[$%](?!\{))*")|((?:0|[1-9]\d{0,14})(?:\.\d{1,9})?)(?![\w.])|([A-Za-z_][\w-]*)|([=:,[\]{}])|$)/uy;

class NotPlain extends Error {}

const tokensOf = (text: string): Token[] => {
  const found: Token[] = [];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < text.length) {
    const match = tokens.exec(text);
    if (match === null) throw new NotPlain();
    const group = match.findIndex((part, index) => index > 0 && part !== undefined);
    const kind = kinds[group - 1];
    if (kind !== undefined) found.push({ kind, text: match[group] ?? '' });
  }
  return found;
};

const constants: ReadonlyMap<string, unknown> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(found: readonly Token[]) {
    this.#tokens = found;
  }

  /** Every `name = value`, each on a line of its own. */
  attributes(): Entries {
    const entries: [string, unknown][] = [];
    for (this.#newlines(); this.#at < this.#tokens.length; this.#newlines()) {
      const name = this.#take('name');
      this.#mark('=');
      entries.push([name, this.#value()]);
      if (this.#at < this.#tokens.length) this.#take('newline');
    }
    return sorted(entries);
  }

  #value(): unknown {
    const { kind, text } = this.#next();
    if (kind === 'string') return (JSON.parse(text) as string).normalize('NFC');
    if (kind === 'number') return Number(text);
    if (kind === 'name' && constants.has(text)) return constants.get(text);
    if (text === '[') return this.#list();
    if (text === '{') return this.#map();
    throw new NotPlain();
  }

  #list(): unknown[] {
    const values: unknown[] = [];
    for (this.#newlines(); !this.#skips(']'); this.#newlines()) {
      values.push(this.#value());
      this.#newlines();
      if (!this.#skips(',')) {
        this.#mark(']');
        break;
      }
    }
    return values;
  }

  #map(): Entries {
    const entries: [string, unknown][] = [];
    for (this.#newlines(); !this.#skips('}'); this.#newlines()) {
      const { kind, text } = this.#next();
      // `{ for = 1 }` begins a for expression.
      if ((kind !== 'name' && kind !== 'string') || text === 'for') throw new NotPlain();
      if (!this.#skips(':')) this.#mark('=');
      entries.push([kind === 'name' ? text : (JSON.parse(text) as string).normalize('NFC'), this.#value()]);
      if (this.#skips(',') || this.#skips('\n')) continue;
      this.#mark('}');
      break;
    }
    return sorted(entries);
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new NotPlain();
    this.#at += 1;
    return token;
  }

  #take(kind: Token['kind']): string {
    const token = this.#next();
    if (token.kind !== kind) throw new NotPlain();
    return token.text;
  }

  #mark(text: string): void {
    if (!this.#skips(text)) throw new NotPlain();
  }

  #skips(text: string): boolean {
    if (this.#tokens[this.#at]?.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #newlines(): void {
    while (this.#skips('\n'));
  }
}

const sorted = (entries: readonly (readonly [string, unknown])[]): Entries => {
  if (new Set(entries.map(([name]) => name)).size < entries.length) throw new NotPlain();
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** The settings in `text` as HCL's own parser reads them; undefined when it has to. */
export const readPlain = (text: string): Record<string, unknown> | undefined => {
  try {
    return new Reader(tokensOf(text.replaceAll('\r\n', '\n'))).attributes();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
};
