/** What the pages about access to accounts show. */
import type { AccessRequest, ApprovalRow, PastApproval } from '../accounts/rows.ts';
import type { AccountRef } from '../ports/accounts.ts';
import type { Frame } from './props.ts';

/** An approval, and whether its person may act now. */
export interface ShownApprovalRow {
  readonly row: ApprovalRow;
  readonly active: boolean;
  /** What was approved for this person and account: of now, then what was before, newest first. */
  readonly past: readonly PastApproval[];
}

/** An upstream as a form offers it. */
export interface UpstreamChoice {
  readonly api: string;
  readonly title: string;
  readonly example: string;
}

export interface AccessProps extends Frame {
  /** ISO time the page is made at. */
  readonly now: string;
  /** What the person may act on now. */
  readonly held: readonly ApprovalRow[];
  /** Their newest requests. */
  readonly requests: readonly AccessRequest[];
  /** Where the ones before these are, and the newest where these are older. */
  readonly older?: string | undefined;
  readonly newest?: string | undefined;
  /** Requests that wait for their decision, oldest first. */
  readonly toDecide: readonly AccessRequest[];
  /** Where they may ask. */
  readonly askable: readonly UpstreamChoice[];
  /** Whose accounts they decide about: they may look who acts on one. */
  readonly managed: readonly UpstreamChoice[];
  readonly notice?: { readonly kind: 'success' | 'problem'; readonly text: string };
  /** What was sent and not taken. */
  readonly draft?: Readonly<Record<string, string>>;
}

export interface AccessRequestProps extends Frame {
  readonly now: string;
  readonly request: AccessRequest;
  /** What is offered to the person who looks, or why there is nothing. */
  readonly decision:
    | { readonly may: true }
    | {
        readonly may: false;
        readonly because: string;
        readonly remedy?: { readonly href: string; readonly label: string };
      };
  readonly notice?: { readonly kind: 'success' | 'problem'; readonly text: string };
}

export interface AccountAccessProps extends Frame {
  readonly now: string;
  readonly managed: readonly UpstreamChoice[];
  /** The account that was looked for, with everybody whose access to it the person decides about. */
  readonly account?: AccountRef & {
    readonly rows: readonly ShownApprovalRow[];
    /** Of the first one here, among all of them. */
    readonly from: number;
    readonly total: number;
    readonly pageSize: number;
  };
  readonly notice?: { readonly kind: 'success' | 'problem'; readonly text: string };
}
