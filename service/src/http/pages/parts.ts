/** What the pages are made of. */
import type { Logger } from 'pino';
import type { AccountAccess } from '../../accounts/access.ts';
import type { Audit } from '../../audit/port.ts';
import type { Apps } from '../../auth/apps.ts';
import type { Clients } from '../../auth/clients.ts';
import type { People } from '../../auth/people.ts';
import type { ConnectedAccounts } from '../../credentials/index.ts';
import type { Dispatch } from '../../mcp/dispatch.ts';
import type { NoticeDesk } from '../../notices/desk.ts';
import type { SentNotices } from '../../notices/sent.ts';
import type { Pipeline } from '../../operations/pipeline.ts';
import type { PageSessions } from '../page-sessions.ts';
import type { Composition } from './composition.ts';
import type { DownloadParts } from './downloads.ts';
import type { Drafts } from './drafts.ts';
import type { JobPageParts } from './jobs.ts';
import type { Waits } from './waits.ts';

export interface PageParts {
  readonly access: AccountAccess;
  readonly pages: PageSessions;
  readonly operations: Pick<
    Pipeline,
    'seenBy' | 'sight' | 'integrity' | 'decide' | 'settled' | 'revert' | 'awaitsRequester'
  >;
  readonly audit: Pick<Audit, 'query' | 'append'>;
  /** The way of a tool call, for forms of packs that ask for one. */
  readonly dispatch: Dispatch;
  /** Milliseconds a page of a pack may take. Default 30,000. */
  readonly pageMs?: number;
  /** The pages of the enabled packs. */
  readonly composition: Composition;
  /** Who connected which client. Absent where clients are registered elsewhere. */
  readonly clients?: Clients;
  /** What people connected, and how they end it. Absent where an outside issuer knows that. */
  readonly apps?: Apps;
  /** Accounts at upstreams that people connect. Absent where no pack acts with any. */
  readonly accounts?: ConnectedAccounts | undefined;
  readonly people: Pick<People, 'find'>;
  /** The address agents connect to. */
  readonly mcpUrl: string;
  readonly version: string;
  /** Number of tools served. */
  readonly tools: number;
  /** Seconds after a sign-in in which its person may approve or confirm. */
  readonly freshSeconds: number;
  /** Countersignatures count on the page only. */
  readonly approveOnPageOnly: boolean;
  /** Setting APPROVE_WITHOUT_EMAIL. */
  readonly approveWithoutEmail: boolean;
  readonly drafts: Drafts;
  /** What the header says of what waits. */
  readonly waits: Waits;
  readonly jobs: Omit<JobPageParts, 'pages'>;
  readonly downloads: Omit<DownloadParts, 'pages'>;
  readonly notices: {
    readonly desk: NoticeDesk;
    /** Of the sandbox: what would have been sent. */
    readonly sent?: SentNotices;
  };
  readonly log: Logger;
  readonly now: () => Date;
}
