/**
 * The port to who may act on which upstream account. A pack's calls are checked by the service before they run
 * (`accounts` of its tools and plans); a pack asks here for what it shows, such as the accounts of a discovery.
 */
import type { Person } from '../auth/caller.ts';

/** One account at an upstream that a pack's contract names. */
export interface AccountRef {
  /** Name of the upstream: `GoogleAds`. */
  readonly api: string;
  /** In the one spelling that the contract's `id` takes. */
  readonly accountId: string;
}

/** What people call an account, and whose it is. */
export interface NamedAccount extends AccountRef {
  readonly accountName?: string | undefined;
  readonly clientName?: string | undefined;
}

/** An approval that holds now. */
export interface ApprovedAccount extends NamedAccount {
  /** Who approved it: a mail address, or the id of somebody who has none. */
  readonly approvedBy: string;
  readonly approvedAt: string;
  /** Absent: without end. */
  readonly expiresAt?: string | undefined;
}

/** Somebody who may act on an account. */
export interface AccountHolder extends ApprovedAccount {
  readonly userId: string;
}

/** An approval is for a subject of one issuer, and for nobody else whom another issuer names the same. */
export type AccountUser = Pick<Person, 'personId' | 'issuer'>;

/**
 * @example
 * const mine = new Set((await accounts.approvedFor(caller, 'GoogleAds')).map(({ accountId }) => accountId));
 * return { accounts: (await ads.accessible()).filter(({ id }) => mine.has(id)) };
 */
export interface Accounts {
  /**
   * What a person may act on at an upstream: strongly consistent, and never from a cache. An approval whose end has
   * passed is not among them, whether or not the daily work has seen it.
   */
  approvedFor(person: AccountUser, api: string): Promise<readonly ApprovedAccount[]>;
  /** Who may act on an account. From an index, which may lag for a moment on DynamoDB: for people to read, not to decide by. */
  holdersOf(account: AccountRef): Promise<readonly AccountHolder[]>;
}

/** A demo person's request for access, and what became of it, for a newcomer to the sandbox to look at. */
export interface AccessStory {
  /** Id of the demo person who asks. */
  readonly by: string;
  readonly accounts: readonly NamedAccount[];
  readonly reason: string;
  /** Days of access. */
  readonly days: number;
  /** Days before today. */
  readonly asked: number;
  /** Absent: it waits. */
  readonly decided?: {
    readonly by: string;
    readonly ago: number;
    readonly decision: 'approve' | 'reject';
    /** `<api>:<account id>` of those that are approved. Default: all. */
    readonly accounts?: readonly string[];
    readonly note?: string;
  };
  /** Of the first account: taken away again. */
  readonly revoked?: { readonly by: string; readonly ago: number; readonly note: string };
}
