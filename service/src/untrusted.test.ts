import { clean, cleanJson, cleanProse, cleanTags } from './untrusted.ts';

describe('text from outside', () => {
  it('keeps what can be seen, in any script', () => {
    expect(clean('<b>Größe 漢字 🙂 "x"</b>')).toBe('<b>Größe 漢字 🙂 "x"</b>');
  });

  it.each([
    ['a\nb', 'a\\u{a}b'],
    ['a\u0000\u001b[31m', 'a\\u{0}\\u{1b}[31m'],
    ['a\u202egpj.exe', 'a\\u{202e}gpj.exe'],
    ['a\u200bb\u2028', 'a\\u{200b}b\\u{2028}'],
    ['a\ud800', 'a\\u{d800}'],
  ])('shows what would hide or act', (text, shown) => {
    expect(clean(text)).toBe(shown);
  });

  it('is capped by characters, not half characters', () => {
    expect(clean('🙂'.repeat(300))).toBe(`${'🙂'.repeat(256)}…`);
    expect(clean('abc', 2)).toBe('ab…');
  });

  it('keeps the lines of what a person wrote, and what looks like an escape as it was typed', () => {
    expect(cleanProse('one\r\ntwo\n\u202e three \\u{a}')).toBe('one\ntwo\n\\u{202e} three \\u{a}');
  });

  it('cleans keys and values of tags', () => {
    expect(cleanTags({ 'a\n': 'b\n' })).toEqual({ 'a\\u{a}': 'b\\u{a}' });
  });

  it('cleans every text of a value and leaves the rest', () => {
    const value = { 'a\n': ['b\n', 1, null, { c: 'd\n' }], e: true };
    expect(cleanJson(value)).toEqual({ 'a\\u{a}': ['b\\u{a}', 1, null, { c: 'd\\u{a}' }], e: true });
    expect(cleanJson(['abc'], 2)).toEqual(['ab…']);
  });
});
