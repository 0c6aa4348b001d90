import { appsProps, hostileAppsProps } from '../../../test/browser/apps-fixtures.ts';
import { attacks, frame } from '../../../test/browser/fixtures.ts';
import { all, elements, parseMarkup, text } from '../../../test/rigs/markup.ts';
import { visible } from '../html.ts';
import { appsPage } from './apps.ts';

const read = (html: string): string => text(parseMarkup(html)).replace(/\s+/g, ' ');

describe('the page of connected apps', () => {
  const document = parseMarkup(appsPage(appsProps));
  const items = all(document, 'li', { class: 'item panel' });
  const words = items.map((item) => text(item).replace(/\s+/g, ' '));

  it('names each app by its host and its name as its own claim, with scopes and since when', () => {
    expect(items.map((item) => all(item, 'h2').map(text))).toEqual([['claude.ai'], ['an app on this computer']]);
    expect(words[0]).toContain('connected 19 Nov 2026, 08:30 UTC');
    expect(words[0]).not.toContain('Calls itself');
    expect(words[1]).toContain('Calls itself “Cloud housekeeper”');
    expect(words[1]).toContain('tag:read');
  });

  it('says when each was last used, where its answers go and until when it stays connected', () => {
    expect(words[0]).toContain('last used 20 Nov 2026, 21:40 UTC · stays connected until 19 Dec 2026, 08:30 UTC');
    expect(words[0]).toContain('Its answers go to claude.com');
    expect(words[1]).toContain('not used yet');
  });

  it('says what it may do for a while and until when, and only where there is such', () => {
    expect(words.map((one) => one.includes('Until 20 Nov 2026, 22:06 UTC also:'))).toEqual([true, false]);
  });

  it('leads to the step-up page of exactly that client', () => {
    const links = items.map((item) => all(item, 'a').map(({ attributes }) => attributes.href));
    expect(links).toEqual([
      ['/step-up?client_id=https%3A%2F%2Fclaude.ai%2Foauth%2Fclient.json&scope=tag%3Aapprove'],
      ['/step-up?client_id=oBIt1U3fWPud3gR72IXTUd2BV&scope=tag%3Aapprove'],
    ]);
  });

  it('disconnects with a form of the session, each button told apart without seeing it', () => {
    const [form] = all(items[0] ?? document, 'form', { method: 'post', action: '/apps/grant-1/disconnect' });
    expect(all(form ?? document, 'input', { name: 'csrf', value: frame.csrf })).toHaveLength(1);
    expect(all(document, 'input', { name: 'person' })).toEqual([]);
    expect(all(document, 'button', { class: 'button plain danger' }).map(text)).toEqual([
      'Disconnect claude.ai',
      'Disconnect an app on this computer',
    ]);
  });

  it('says where apps are if not here, and tells administrators of other people’s', () => {
    expect(read(appsPage({ ...appsProps, apps: [], elsewhere: true }))).toContain('at your company’s sign-in');
    expect(read(appsPage({ ...appsProps, apps: [], admin: true }))).toContain('/apps?person=ID');
    expect(read(appsPage({ ...appsProps, apps: [] }))).not.toContain('/apps?person=ID');
  });
});

describe('what a name does to the page of connected apps', () => {
  const page = appsPage(hostileAppsProps);
  const document = parseMarkup(page);

  it.each(Object.entries(attacks))('shows %s whole, as text', (_name, attack) => {
    expect(text(document)).toContain(visible(attack));
  });

  it('makes no element, and leads nowhere else', () => {
    const tags = elements(all(document, 'main')[0] ?? document).map(({ tag }) => tag);
    expect(tags.filter((tag) => ['script', 'img', 'svg', 'style'].includes(tag))).toEqual([]);
    const links = elements(document).flatMap(({ attributes }) =>
      [attributes.href ?? [], attributes.action ?? []].flat(),
    );
    expect(links.filter((link) => !/^[/#](?!\/)/.test(link))).toEqual([]);
    expect(page).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B-\u200F\u{E0000}-\u{E007F}]/u);
  });

  it('keeps whose apps they are in every form', () => {
    const owners = all(document, 'input', { name: 'person' }).map(({ attributes }) => attributes.value);
    expect(new Set(owners)).toEqual(new Set([visible(attacks.attribute)]));
    expect(owners).toHaveLength(hostileAppsProps.apps.length);
  });
});
