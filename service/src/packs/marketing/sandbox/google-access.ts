/** Who may act on which accounts of the stand-in for Google, and what waits to be decided, as a newcomer finds it. */
import type { AccessStory, NamedAccount } from '../../../ports/accounts.ts';

const clientName = 'Example shop';
const shop: NamedAccount = { api: 'GoogleAds', accountId: '1234567890', accountName: 'Shop', clientName };
const japan: NamedAccount = { api: 'GoogleAds', accountId: '2345678901', accountName: 'Shop in Japan', clientName };
const domain: NamedAccount = { api: 'GSC', accountId: 'sc-domain:example.com', clientName };
const shopSite: NamedAccount = { api: 'GSC', accountId: 'https://shop.example.com/', clientName };
const analytics: NamedAccount = { api: 'Analytics', accountId: '123456789', accountName: 'Shop', clientName };

export const googleAccess: readonly AccessStory[] = [
  {
    by: 'ana',
    accounts: [shop, domain, analytics],
    reason: 'I look after the campaigns of the shop and report on its traffic.',
    days: 180,
    asked: 20,
    decided: { by: 'ben', ago: 19, decision: 'approve' },
  },
  {
    by: 'ana',
    accounts: [japan, shopSite],
    reason: 'From December on the campaigns in Japan are ours too.',
    days: 90,
    asked: 2,
  },
  {
    by: 'vera',
    accounts: [domain, analytics],
    reason: 'Monthly report on search traffic.',
    days: 365,
    asked: 40,
    decided: { by: 'ada', ago: 39, decision: 'approve', accounts: ['GSC:sc-domain:example.com'], note: 'Search only.' },
  },
  {
    by: 'max',
    accounts: [shop],
    reason: 'Cover for Ana in summer.',
    days: 180,
    asked: 90,
    decided: { by: 'ada', ago: 89, decision: 'approve' },
    revoked: { by: 'ada', ago: 30, note: 'The summer is over.' },
  },
  {
    by: 'max',
    accounts: [japan],
    reason: 'A trial of the campaigns in Japan.',
    days: 30,
    asked: 60,
    decided: { by: 'ada', ago: 59, decision: 'approve' },
  },
];
