import { attacks } from '../../test/browser/fixtures.ts';
import { all, elements, parseMarkup, text } from '../../test/rigs/markup.ts';
import { html, lines, visible } from './html.ts';

describe('html', () => {
  it.each(Object.entries(attacks))('keeps %s text, in content and in attributes', (_name, attack) => {
    const document = parseMarkup(html`<p title="${attack}">${attack}</p>`.toString());
    expect(elements(document).map(({ tag }) => tag)).toEqual(['p']);
    expect(text(document)).toBe(visible(attack));
    expect(all(document, 'p')[0]?.attributes).toEqual({ title: visible(attack) });
  });

  it('takes its own markup as it is, once, and lists and numbers', () => {
    const item = html`<li>${'a & b'}</li>`;
    expect(html`<ul>${[item, [html`<li>${2}</li>`]]}</ul>`.toString()).toBe('<ul><li>a &amp; b</li><li>2</li></ul>');
  });

  it('shows nothing for what is not there, and zero for zero', () => {
    expect(html`${undefined}${null}${false}${0}${''}`.toString()).toBe('0');
  });

  it('does not take an object for markup because it looks like some', () => {
    const forged = { toString: () => '<script>' } as unknown;
    expect(html`${forged as string}`.toString()).toBe('&lt;script&gt;');
  });
});

describe('visible', () => {
  it.each([
    ['a right-to-left override', 'a\u202Eb', 'a⟨U+202E⟩b'],
    ['an isolate', '\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
    ['zero width', 'pay\u200Bpal', 'pay⟨U+200B⟩pal'],
    ['a tag character', 'a\u{E0041}', 'a⟨U+E0041⟩'],
    ['a variation selector', 'a\uFE0F', 'a⟨U+FE0F⟩'],
    ['a Hangul filler', 'a\u3164b', 'a⟨U+3164⟩b'],
    ['controls', 'a\u0000\u001b[0m\n', 'a⟨U+0000⟩⟨U+001B⟩[0m⟨U+000A⟩'],
    ['a lone surrogate', 'a\ud800b', 'a⟨U+D800⟩b'],
    ['a blank that is no space', 'a\u3000b', 'a⟨U+3000⟩b'],
    ['a run', '\u200B\u200B\u200B', '⟨U+200B × 3⟩'],
    ['marks stacked to cover other lines', `e${'\u0301'.repeat(20)}`, `e${'\u0301'.repeat(3)}⟨U+0301 × 17⟩`],
  ])('writes out %s', (_name, hidden, shown) => {
    expect(visible(hidden)).toBe(shown);
  });

  it('leaves the words of the world alone', () => {
    const words = 'Zoë 株式会社 हिन्दी שלום مرحبا tiếng Việt 🚀';
    expect(visible(words)).toBe(words);
  });
});

describe('lines', () => {
  it('breaks where the writer did, and escapes each line', () => {
    expect(lines('a<b\r\nc\rd\ne').toString()).toBe('a&lt;b<br>c<br>d<br>e');
  });
});
