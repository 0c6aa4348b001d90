import { skeletonOf } from './address.ts';

describe('the skeleton of an address', () => {
  const max = skeletonOf('max.oil@example.com');

  it.each([
    ['case and space', ' Max.Oil@EXAMPLE.com '],
    ['a Cyrillic letter', 'mаx.oil@example.com'],
    ['Cyrillic capitals', 'МАХ.oil@example.com'],
    ['a Greek letter', 'maχ.oil@example.com'],
    ['a Greek letter in the domain', 'max.oil@eχample.com'],
    ['the domain in Punycode', 'max.oil@xn--exmple-4nf.com'],
    ['full width', 'ｍａｘ．ｏｉｌ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
    ['mathematical letters', '𝓶𝓪𝔁.𝖔𝖎𝖑@example.com'],
    ['a mark of its own (NFD)', 'ma\u0301x.oil@example.com'],
    ['a letter with a mark (NFC)', 'm\u00e1x.oil@example.com'],
    ['a zero-width space', 'max\u200b.oil@example.com'],
    ['a soft hyphen', 'max.o\u00adil@example.com'],
    ['a variation selector', 'max.oil\ufe0f@example.com'],
    ['a direction mark', '\u202emax.oil@example.com'],
    ['a tag', 'max.oil+approver@example.com'],
    ['a tag after a full-width plus', 'max.oil＋approver@example.com'],
    ['a dot at the end', 'max.oil@example.com.'],
    ['an ideographic full stop', 'max.oil@example。com'],
    ['a dot at the end of the mailbox', 'max.oil.@example.com'],
    ['quotes', '"max.oil"@example.com'],
    ['a comment', 'max.oil(work)@example.com'],
    ['a name before it', 'Max <max.oil@example.com>'],
    ['a scheme', 'mailto:max.oil@example.com'],
    ['digits for letters', 'max.0i1@example.com'],
  ])('is the same with %s', (_what, address) => {
    expect(skeletonOf(address)).toBe(max);
  });

  it.each(['max.oil@example.org', 'maxoil@example.com', 'max.oils@example.com', 'may.oil@example.com', 'example.com'])(
    'differs for %s',
    (address) => {
      expect(skeletonOf(address)).not.toBe(max);
    },
  );

  it('has no dots where a provider ignores them', () => {
    expect(skeletonOf('max.oil@gmail.com')).toBe(skeletonOf('maxoil@googlemail.com'.replace('googlemail', 'gmail')));
    expect(skeletonOf('m.a.x.oil@googlemail.com')).toBe(skeletonOf('maxoil@googlemail.com'));
  });

  it('is empty for no address', () => {
    for (const nothing of ['', ' ', '\u200b', '<>']) expect(skeletonOf(nothing)).toBe('');
  });
});
