/** What the tools of the pack are made with. */
import type { Accounts } from '../../ports/accounts.ts';
import type { Ads } from './google/ads/ads.ts';
import type { Analytics } from './google/analytics.ts';
import type { Crux } from './google/crux.ts';
import type { SearchConsole } from './google/search-console.ts';
import type { SafetyDesk } from './safety/desk.ts';

export interface Marketing {
  readonly searchConsole: SearchConsole;
  readonly analytics: Analytics;
  readonly crux: Crux;
  readonly ads: Ads;
  readonly accounts: Accounts;
  /** Limits of what budgets may become. */
  readonly safety: SafetyDesk;
  /** Where the pages of this service are. */
  readonly publicUrl: string;
  /** Answers say that they are of the sandbox. */
  readonly sandbox: boolean;
}
