import type { AppsProps } from '../props.ts';
import { appsPage } from './apps.ts';

const page = (accounts: AppsProps['accounts'], more: Partial<AppsProps> = {}): string =>
  appsPage({
    ...{ csrf: 'the-form', sandbox: false, apps: [], more: false, raisable: [], elsewhere: false, admin: false },
    ...(accounts !== undefined && { accounts }),
    ...more,
  });
const since = '2026-11-20T08:00:00.000Z';

describe('accounts elsewhere, on the page of apps', () => {
  it('are not spoken of where no tool acts with any', () => {
    for (const none of [undefined, []]) expect(page(none)).not.toContain('Accounts elsewhere');
  });

  it('show who the provider says it is as text, and offer to end it with the form of this sign-in', () => {
    const account = '<b>ana</b>\u202e@post';
    const shown = page([
      {
        provider: 'of/fice',
        title: 'Post',
        connectable: true,
        connected: { account, scopes: ['letters'], since, ended: false },
      },
    ]);
    expect(shown).toContain('&lt;b&gt;ana&lt;/b&gt;⟨U+202E⟩@post');
    expect(shown).toContain(
      'action="/apps/accounts/of%2Ffice/disconnect"><input type="hidden" name="csrf" value="the-form">',
    );
    expect(shown).toContain('not used yet');
  });

  it('offer to connect again what the provider ended, and nothing to connect for somebody else', () => {
    const connected = { scopes: [], since, ended: true };
    const own = page([{ provider: 'office', title: 'Post', connectable: true, connected }]);
    expect(own).toContain('Post no longer accepts this account.');
    expect(own).toContain('Connect again');
    const owner = { personId: 'ben', name: 'Ben' };
    const other = page([{ provider: 'office', title: 'Post', connectable: false, connected }], { owner, admin: true });
    expect(other).not.toContain('/connect"');
    expect(other).toContain('name="person" value="ben"');
  });

  it('let people choose what to connect: all of it at first, and later more than they allowed already', () => {
    const parts = [
      { name: 'roads', title: 'Roads', allowed: true },
      { name: 'rivers', title: 'Rivers', allowed: false },
    ];
    const own = { provider: 'maps', title: 'Maps', connectable: true };
    const ticked = (shown: string) =>
      [...shown.matchAll(/name="part" value="(\w+)"( checked)?/g)].map(([, name, on]) => [name, on !== undefined]);
    const first = page([{ ...own, parts: parts.map((part) => ({ ...part, allowed: false })) }]);
    expect(ticked(first)).toEqual([
      ['roads', true],
      ['rivers', true],
    ]);
    const later = page([{ ...own, parts, connected: { scopes: ['roads.read'], since, ended: false } }]);
    expect(ticked(later)).toEqual([
      ['roads', true],
      ['rivers', false],
    ]);
    expect(later).toContain('What you allowed before stays allowed until you disconnect.');
    expect(page([own])).not.toContain('name="part"');
  });
});
