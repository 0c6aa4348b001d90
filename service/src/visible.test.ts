import { writeOut } from './visible.ts';

const shown = (text: string): string =>
  writeOut(text, (code, times) => `<${code.toString(16)}${times > 1 ? `*${times}` : ''}>`);

it.each([
  ['a heart, a warning and a check mark', '❤️ ⚠️ ✔️'],
  ['a text presentation', '☎︎'],
  ['a keycap', '1️⃣ #️⃣'],
  ['a family and a profession', '👨‍👩‍👧‍👦 🧑🏽‍💻 🏳️‍🌈 ❤️‍🔥'],
  ['a flag', '🇩🇪'],
  ['Persian', 'می‌خواهم'],
  ['Hindi and Sinhala with joiners', 'क्‍ष ශ්‍රී'],
  ['Vietnamese, Hebrew, Korean', 'tiếng Việt שלום 한국어'],
  ['a Cyrillic word beside a Latin one', 'Привет Paypal'],
  ['units', 'Δt 5 μs 10 kΩ π'],
  ['an emoji that this Unicode version does not know yet', '\u{1FADF}'],
])('leaves %s as written', (_name, text) => {
  expect(shown(text)).toBe(text);
});

it('shows a no-break space as a space', () => {
  expect(shown('Owner\u00a0: x\u202f!')).toBe('Owner : x !');
});

it.each([
  ['a variation selector after a letter', 'a\ufe0f', 'a<fe0f>'],
  ['a variation selector after a digit', '1\ufe0f', '1<fe0f>'],
  ['two variation selectors', '❤\ufe0f\ufe0f', '❤<fe0f*2>'],
  ['a joiner within a Latin word', 'pay\u200dpal', 'pay<200d>pal'],
  ['a non-joiner within a Latin word', 'pay\u200cpal', 'pay<200c>pal'],
  ['a joiner at the end of an emoji', '👩\u200d', '👩<200d>'],
  ['a zero-width space in Persian', 'می\u200bخواهم', 'می<200b>خواهم'],
  ['a bidi override', 'a\u202eb', 'a<202e>b'],
  ['the tags of a subdivision flag', '🏴\u{e0067}', '🏴<e0067>'],
  ['NUL', 'a\0b', 'a<0>b'],
  ['an ideographic space', 'a\u3000b', 'a<3000>b'],
  ['a Cyrillic letter within a Latin word', 'p\u0430ypal', 'p\u0430<430>ypal'],
  ['a Latin letter within a Cyrillic word', 'При\u0076ет', 'При\u0076<76>ет'],
  ['a Greek letter that looks like a Latin one', 'g\u03bf\u03bfgle', 'g\u03bf<3bf>\u03bf<3bf>gle'],
])('writes out %s', (_name, text, expected) => {
  expect(shown(text)).toBe(expected);
});
