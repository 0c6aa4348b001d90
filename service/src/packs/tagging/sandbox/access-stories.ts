/** Requests for access to accounts of the stand-in cloud, for a newcomer where changes of tags need an approval of the account. */
import type { AccessStory, NamedAccount } from '../../../ports/accounts.ts';
import { sandboxAccounts } from './accounts.ts';

const account = (name: (typeof sandboxAccounts)[number]['name']): NamedAccount => ({
  api: 'AWS',
  accountId: sandboxAccounts.find((one) => one.name === name)?.accountId ?? '',
  accountName: name,
});
const [production, staging, development] = [account('Production'), account('Staging'), account('Development')];

export const accessStories: readonly AccessStory[] = [
  {
    by: 'ana',
    accounts: [staging, development],
    reason: 'Owners and cost centres of both accounts are to be filled in.',
    days: 180,
    asked: 20,
    decided: {
      by: 'ben',
      ago: 19,
      decision: 'approve',
      accounts: [`AWS:${staging.accountId}`],
      note: 'Development is cleaned up by its own team.',
    },
  },
  {
    by: 'ana',
    accounts: [production],
    reason: 'The shop’s resources need their owners before the budget review.',
    days: 90,
    asked: 2,
  },
  {
    by: 'max',
    accounts: [development],
    reason: 'A trial of the new tagging policy.',
    days: 30,
    asked: 40,
    decided: { by: 'ada', ago: 39, decision: 'approve' },
  },
  {
    by: 'max',
    accounts: [staging],
    reason: 'Tags for the migration to the new account structure.',
    days: 180,
    asked: 30,
    decided: { by: 'ada', ago: 29, decision: 'approve' },
    revoked: { by: 'ada', ago: 5, note: 'The migration is over.' },
  },
  {
    by: 'max',
    accounts: [production],
    reason: 'Backup tags for the databases in production.',
    days: 30,
    asked: 1,
  },
];
