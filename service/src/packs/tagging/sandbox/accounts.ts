/** The three accounts and regions of the stand-in cloud. */
import type { Account } from '../estate/estate.ts';

export const sandboxAccounts = [
  { accountId: '123456789012', name: 'Production' },
  { accountId: '234567890123', name: 'Staging' },
  { accountId: '345678901234', name: 'Development' },
] as const satisfies readonly Account[];

export const sandboxRegions = ['us-east-1', 'us-west-2', 'eu-west-1'] as const;
