/** Props of the page of connected apps, friendly and hostile. */
import { shownScope } from '../../src/auth/roles.ts';
import type { AppsProps } from '../../src/web/props.ts';
import { attacks, frame } from './fixtures.ts';

const read = shownScope('tag:read');
const approve = shownScope('tag:approve');

/** One of which a part is allowed. */
export const accounts: NonNullable<AppsProps['accounts']> = [
  {
    ...{ provider: 'google', title: 'Google', connectable: true },
    parts: [
      { name: 'search', title: 'Search Console, to read', allowed: true },
      { name: 'search-changes', title: 'Search Console, to read and to change', allowed: false },
      { name: 'ads', title: 'Google Ads, to read and to change', allowed: false },
    ],
    connected: {
      ...{ account: 'ben@example.com', scopes: ['openid', 'https://www.example.com/auth/webmasters.readonly'] },
      ...{ since: '2026-11-19T08:30:00.000Z', ended: false },
    },
  },
];

export const appsProps: AppsProps = {
  ...frame,
  apps: [
    {
      sessionId: 'grant-1',
      client: { clientId: 'https://claude.ai/oauth/client.json', host: 'claude.ai' },
      answersTo: ['claude.com'],
      scopes: [read],
      elevated: [{ scopes: [approve], until: '2026-11-20T22:06:00.000Z' }],
      since: '2026-11-19T08:30:00.000Z',
      until: '2026-12-19T08:30:00.000Z',
      lastUsedAt: '2026-11-20T21:40:00.000Z',
    },
    {
      sessionId: 'grant-2',
      client: { name: 'Cloud housekeeper', clientId: 'oBIt1U3fWPud3gR72IXTUd2BV', host: 'this computer' },
      answersTo: [],
      scopes: [read],
      elevated: [],
      since: '2026-11-02T17:05:00.000Z',
      until: '2026-12-02T17:05:00.000Z',
    },
  ],
  more: true,
  raisable: [approve],
  elsewhere: false,
  admin: false,
  notice: 'What is disconnected is not listed any more, and its tokens are refused within five seconds.',
};

/** Names and ids as an attacker would choose them, on the page an administrator sees of somebody else. */
export const hostileAppsProps: AppsProps = {
  ...appsProps,
  apps: Object.values(attacks).map((attack) => ({
    sessionId: attack.slice(0, 50),
    client: { name: attack, clientId: attack, host: attack },
    answersTo: [attack],
    scopes: [],
    elevated: [],
    since: attack.slice(0, 50),
    until: attack.slice(0, 50),
  })),
  owner: { personId: attacks.attribute, name: attacks.script + attacks.bidi },
  raisable: [approve],
  admin: true,
};
