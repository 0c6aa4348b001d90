/**
 * Reads the HTML our templates write, more strictly than a browser would: every attribute quoted, every element closed
 * in order. Whatever a value from outside breaks out of is an error here, or an element that a test can see.
 */

export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

const voids = new Set(['meta', 'link', 'input', 'br', 'wbr', 'rect']);
const token = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<>]*")?)*)\s*(\/?)>|([^<>]+)/y;
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#96;': '`',
};
const decode = (text: string): string => text.replace(/&(?:[a-z]+|#\d+);/g, (entity) => entities[entity] ?? entity);

const attributesOf = (source: string): Record<string, string> =>
  Object.fromEntries(
    [...source.matchAll(/([a-zA-Z][\w:-]*)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [name, decode(value)]),
  );

const close = (open: Element[], tag: string, at: number): void => {
  const top = open.pop();
  if (top?.tag !== tag) throw new Error(`</${tag}> closes <${top?.tag}> at ${at}`);
};

/** @throws Error where the text is not what a template of ours can write */
export const parseMarkup = (html: string): Element => {
  const root: Element = { tag: '#document', attributes: {}, children: [] };
  const open = [root];
  token.lastIndex = 0;
  while (token.lastIndex < html.length) {
    const at = token.lastIndex;
    const match = token.exec(html);
    if (match === null) throw new Error(`Not markup of ours at ${at}: ${html.slice(at, at + 80)}`);
    const [, closing, tag, attributes = '', selfClosing, content] = match;
    const top = open.at(-1) ?? root;
    if (content !== undefined) top.children.push(decode(content));
    if (tag === undefined) continue;
    if (closing === '/') close(open, tag, at);
    else {
      const element = { tag, attributes: attributesOf(attributes), children: [] };
      top.children.push(element);
      if (selfClosing !== '/' && !voids.has(tag)) open.push(element);
    }
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.tag}> is never closed`);
  return root;
};

/** Every element, in the order of the document. */
export const elements = (root: Element): Element[] =>
  root.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elements(child)]));

/** Elements of a tag, with these attributes. */
export const all = (root: Element, tag: string, attributes: Readonly<Record<string, string>> = {}): Element[] =>
  elements(root).filter(
    (element) =>
      element.tag === tag && Object.entries(attributes).every(([name, value]) => element.attributes[name] === value),
  );

/** What a person reads in it. */
export const text = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : text(child))).join('');
