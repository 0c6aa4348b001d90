/** What each page shows. Routes hand these in; templates in this folder turn them into HTML and know nothing else. */

import type { Scope } from '../../../contracts/scopes.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Person } from '../auth/caller.ts';
import type { Approval, Operation } from '../operations/operation.ts';
import type { JobSchedule, JobView } from '../ports/jobs.ts';

/** A link of the header. */
export interface NavEntry {
  readonly href: string;
  readonly label: string;
  /** How much waits there for the person who looks, such as `3` or `99+`. Absent where nothing does. */
  readonly count?: string;
}

/** Around every page. */
export interface Frame {
  /** The signed-in person, if any, for the header and its sign-out form. */
  readonly person?: Person;
  /** Pages the header leads to, the most used first. Default none. See nav.ts for what is shown where. */
  readonly nav?: readonly NavEntry[];
  /** Address of the stylesheet. Default: the service's own, without that of packs. */
  readonly stylesheet?: string;
  /** Hidden field of every form on the page. */
  readonly csrf: string;
  /** The embedded stand-in estate is in use; pages say so. */
  readonly sandbox: boolean;
  /** Zone in which times stand beside UTC. Default UTC alone. */
  readonly timeZone?: string | undefined;
}

export interface SignInProps extends Frame {
  /** Demo people to pick from, with what each may do; absent when the company's provider signs people in. */
  readonly people?: readonly (Person & { readonly may: string })[];
  /** The app whose request for access the person signs in for. */
  readonly asks?: ClientProps;
  /** Without demo people: a path of this service that redirects to the company's provider. */
  readonly providerHref?: string;
  /** Where to go after; a local path, already checked. */
  readonly returnTo: string;
  /** The person must sign in again although they are, because more is asked for. */
  readonly again: boolean;
  readonly error?: string;
}

/** Who asks for access. Names come from the client itself and prove nothing: the host does. */
export interface ClientProps {
  readonly name: string;
  readonly clientId: string;
  /** Host of the redirect URI (or of the client id document); `this computer` for loopback. */
  readonly host: string;
}

export interface ScopeProps {
  readonly name: Scope;
  readonly description: string;
  readonly elevated: boolean;
}

export interface ConsentProps extends Frame {
  readonly client: ClientProps;
  /** The redirect URI: exactly where the answer goes. */
  readonly address: string;
  /** Host of the document the client is known by, if it is known by one. */
  readonly documentHost?: string;
  /** Days it stays connected; absent when it gets no refresh token, and so is gone after an hour. */
  readonly days?: number;
  /** Minutes an elevated scope lasts. */
  readonly minutes: number;
  readonly scopes: readonly ScopeProps[];
  /** Scopes that were asked for and this person's roles do not allow. */
  readonly refused: readonly ScopeProps[];
  /** Form action; fields: csrf, decision=allow|deny, scope (one a ticked box; elevated ones start unticked unless alone asked for). */
  readonly action: string;
}

export interface OnwardProps extends Frame {
  /** Where the answer goes: a path of this service that redirects to the client, or the address of a provider. */
  readonly href: string;
  /** The provider's name for people, where it is one. */
  readonly to?: string;
}

export interface DownloadProps extends Frame {
  /** Where the file is, for a minute. */
  readonly href: string;
  readonly fileName: string;
}

export interface StepUpProps extends Frame {
  readonly client: ClientProps;
  readonly scopes: readonly ScopeProps[];
  readonly minutes: number;
  readonly action: string;
  /** Set once raised: when it ends. */
  readonly raisedUntil?: string;
}

/** Operations, newest first. */
export interface OperationListProps {
  readonly heading: string;
  /** What is said in place of an empty list. */
  readonly empty: string;
  readonly operations: readonly Operation[];
  /** Where the list goes on. */
  readonly more?: { readonly href: string; readonly label: string };
}

/** What the list of those that wait is cut down to, and how it is sorted: the query of its address. */
export interface WaitingQuery {
  readonly q?: string | undefined;
  readonly who?: 'me' | 'own' | undefined;
  readonly tool?: string | undefined;
  /** The first operation of a request that was split: its parts only. */
  readonly batch?: string | undefined;
  readonly sort?: 'oldest' | 'ends' | 'largest' | undefined;
}

export interface ApprovalsProps extends Frame {
  /** ISO time the page is made at, for how long is left. */
  readonly now: string;
  readonly query: WaitingQuery;
  /** Tools of what waits, to choose from. */
  readonly tools: readonly string[];
  /** This page of those that the person who looks is waited for, and of the others. */
  readonly mine: readonly Operation[];
  readonly others: readonly Operation[];
  /** How many there are of each on all pages, and how many there would be without the query. */
  readonly counts: { readonly mine: number; readonly others: number; readonly all: number };
  /** Ids of those on this page that the person may deny or withdraw. */
  readonly deniable: ReadonlySet<string>;
  /** It shows the parts of one request, which may be approved at once. */
  readonly mayApproveAll: boolean;
  /** Ids of those whose boxes are ticked. */
  readonly ticked: ReadonlySet<string>;
  /** This page, where its form is sent; and with all boxes ticked. */
  readonly action: string;
  readonly tickHref: string;
  readonly previous?: string | undefined;
  readonly next?: string | undefined;
  /** Where older ones wait than were looked through for this list. */
  readonly older?: string | undefined;
  /** It begins after newer ones: the page of a cursor. */
  readonly later: boolean;
  /** What was typed into the form that denies several and was not taken, and why. */
  readonly draft?: { readonly problem: string; readonly comment: string };
}

/** What came of denying one of several. */
export interface DenialProps {
  readonly operationId: string;
  /** Absent where there is none that the person may see. */
  readonly operation?: Operation | undefined;
  /** done: denied or withdrawn just now. moved: it is not what was shown. refused: it is as it was. */
  readonly came: 'done' | 'moved' | 'refused';
  readonly text: string;
}

export interface DenialsProps extends Frame {
  readonly answer: 'approve' | 'deny';
  readonly results: readonly DenialProps[];
}

/** A client a person connected. */
export interface AppProps {
  /** Of its newest grant. */
  readonly sessionId: string;
  /** Without a name where only the client's own host knows it. */
  readonly client: Omit<ClientProps, 'name'> & { readonly name?: string };
  readonly scopes: readonly ScopeProps[];
  /** Hosts its answers went to, beside the client's own. */
  readonly answersTo: readonly string[];
  /** What it may do for a while, and the ISO time at which each ends. */
  readonly elevated: readonly { readonly scopes: readonly ScopeProps[]; readonly until: string }[];
  /** ISO time of the first consent that still stands. */
  readonly since: string;
  /** ISO time at which the connection ends by itself. */
  readonly until: string;
  /** ISO time, to a few minutes; absent when it never called. */
  readonly lastUsedAt?: string;
}

/** A provider at which people connect accounts, and the account of one person. */
export interface AccountProps {
  readonly provider: string;
  readonly title: string;
  /** What can be chosen when one is connected, and whether it may be used already. Default: there is nothing to choose. */
  readonly parts?: readonly { readonly name: string; readonly title: string; readonly allowed: boolean }[];
  /** The person who looks may connect one, or another one in its place. */
  readonly connectable: boolean;
  readonly connected?: {
    /** As the provider names it; absent where it does not say. */
    readonly account?: string;
    /** Scopes of the provider. */
    readonly scopes: readonly string[];
    /** ISO times, the latter to a few minutes. */
    readonly since: string;
    readonly lastUsedAt?: string;
    /** The provider ended it. */
    readonly ended: boolean;
  };
}

export interface AppsProps extends Frame {
  /** Accounts at upstreams. Default: none, because no tool acts with any. */
  readonly accounts?: readonly AccountProps[];
  /** Newest first. */
  readonly apps: readonly AppProps[];
  /** There are more, older ones. */
  readonly more: boolean;
  /** Whose apps they are, where it is not the person who looks. */
  readonly owner?: { readonly personId: string; readonly name: string };
  /** Scopes this person could raise for an app; empty on another's page. */
  readonly raisable: readonly ScopeProps[];
  /** Apps are connected at an outside issuer, and so are not known here. */
  readonly elsewhere: boolean;
  /** Who looks may also look at other people's. */
  readonly admin: boolean;
  readonly notice?: string | undefined;
}

export interface OperationsProps extends Frame {
  /** One is a page of its own; several make the overview. */
  readonly lists: readonly OperationListProps[];
  /** Statuses the list can be cut down to, one of them the current. */
  readonly choices?: readonly { readonly href: string; readonly label: string; readonly current: boolean }[];
  /** ISO time the page is made at, for how long is left. */
  readonly now: string;
}

/** How the resources of a plan are cut down and grouped: the query of the page's address. */
export interface ChangesQuery {
  readonly q?: string | undefined;
  /** fails: those that are expected to fail, or did. loses: those that lose a value. */
  readonly only?: 'fails' | 'loses' | undefined;
  readonly group?: 'account' | 'kind' | 'region' | 'lost' | undefined;
  /** Index of the first resource to show. Default 0. */
  readonly from?: number | undefined;
}

export interface OperationProps extends Frame {
  readonly operation: Operation;
  /** By client id what clients say of themselves, where the id alone says nothing to people. */
  readonly clients?: ReadonlyMap<string, ClientProps>;
  /** What people call the accounts, by id, as far as it is known. Default: nothing. */
  readonly accountNames?: ReadonlyMap<string, string>;
  /** Newest last. */
  readonly history: readonly AuditRecord[];
  /** Which answers this person may give now, or why none: shown in place of the form. Denying one's own is withdrawing it. */
  readonly decision:
    | { readonly may: true; readonly answers: readonly Approval['decision'][] }
    | {
        readonly may: false;
        readonly because: string;
        /** What this person can do about it. */
        readonly remedy?: { readonly href: string; readonly label: string };
      };
  readonly notice?: { readonly kind: 'success' | 'problem' | 'hint'; readonly text: string };
  /** The answer that was sent and not taken: what was written into it, and what to mend in which field if that is why. */
  readonly draft?: {
    readonly comment: string;
    readonly typed?: string;
    readonly problem?: string;
    /** Default: the comment. */
    readonly field?: 'typed';
  };
  /** ISO time the page is made at, for how long is left. */
  readonly now: string;
  /** Nothing happens until its requester comes with a credential of theirs. Default: not so. */
  readonly awaitsRequester?: boolean;
  /** Seconds after which the page looks again, while the operation is being applied. */
  readonly follow?: number;
  /** Default all resources, those that fail first. */
  readonly changes?: ChangesQuery;
  /** Whether this person may plan taking it back, or why not; absent where there is nothing to take back. */
  readonly undo?:
    | { readonly may: true }
    | {
        readonly may: false;
        readonly because: string;
        readonly remedy?: { readonly href: string; readonly label: string };
      };
}

export interface ErrorProps extends Frame {
  readonly status: number;
  readonly title: string;
  readonly message: string;
  readonly requestId: string;
}

/** A page of a pack, as the home page leads to it. */
export interface HomeCard {
  readonly title: string;
  readonly text: string;
  readonly href: string;
  readonly link: string;
}

export interface HomeProps extends Frame {
  /** What agents can do here. */
  readonly packs: readonly { readonly title: string; readonly description: string }[];
  /** Pages of packs that this person may see. */
  readonly cards: readonly HomeCard[];
  /** Setting APPROVE_ON_PAGE_ONLY: no agent may approve, not even an approver's own. */
  readonly approveOnPageOnly: boolean;
  readonly mcpUrl: string;
  readonly version: string;
  readonly tools: number;
}

/** What the audit page is cut down to: the query of its address. Days are of UTC, the first and the last included. */
export interface AuditPageQuery {
  readonly person?: string | undefined;
  readonly operation?: string | undefined;
  readonly account?: string | undefined;
  readonly tool?: string | undefined;
  readonly result?: AuditRecord['result'] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface AuditProps extends Frame {
  readonly query: AuditPageQuery;
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** Names of people by the ids that records hold, as far as they are known. */
  readonly names: ReadonlyMap<string, string>;
  /** What people call the accounts, by id, as far as it is known. */
  readonly accountNames: ReadonlyMap<string, string>;
  /** Sees everybody's records. */
  readonly admin: boolean;
  /** Tools to choose from. */
  readonly tools: readonly string[];
  /** Whose records these are, in words. */
  readonly shown: string;
  /** It begins after newer ones: the page of a cursor. */
  readonly later: boolean;
  readonly older?: string | undefined;
  /** The newest of this list. */
  readonly newest: string;
  /** Most records of one export. */
  readonly mostExported: number;
  /** Records of one Excel file. */
  readonly mostInWorkbook: number;
}

export interface JobsProps extends Frame {
  readonly heading: string;
  /** `title` names the pack that owns the job. Whoever may decide also sees its payload. */
  readonly jobs: readonly { readonly job: JobView; readonly title: string; readonly mayDecide: boolean }[];
  /** Links to what does not stand here. */
  readonly older: readonly { readonly href: string; readonly label: string }[];
  readonly schedules: readonly { readonly schedule: JobSchedule; readonly title: string }[];
  readonly choices: readonly { readonly href: string; readonly label: string; readonly current: boolean }[];
  readonly notice?: string;
}

/** A way to be told something. */
export interface NoticeChannelProps {
  readonly name: string;
  readonly label: string;
  /** Why nothing is sent there any more, and since when. */
  readonly paused?: { readonly because: string; readonly since: string };
}

/** What one can choose to be told. */
export interface NoticeTopicProps {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** Names of the channels on which it is told now. */
  readonly on: readonly string[];
}

/** A channel that several people read. */
export interface SharedChannelProps extends NoticeChannelProps {
  readonly topics: readonly string[];
  readonly reads: readonly string[];
}

/** A message that was given up. */
export interface UndeliveredProps {
  readonly jobId: string;
  readonly what: string;
  readonly operationId?: string;
  readonly to: string;
  readonly channel: string;
  readonly because: string;
  readonly attempts: number;
  /** ISO time. */
  readonly at: string;
}

export interface NoticesProps extends Frame {
  readonly channels: readonly NoticeChannelProps[];
  readonly topics: readonly NoticeTopicProps[];
  /** How often the summary comes; one of them is chosen. */
  readonly summaries: readonly { readonly value: string; readonly label: string; readonly chosen: boolean }[];
  /** Why somebody cannot be reached at all. */
  readonly unreachable?: string;
  readonly notice?: string;
  /** The page of what the sandbox would have sent. */
  readonly sandboxHref?: string;
  /** For admins. */
  readonly shared?: readonly SharedChannelProps[];
  readonly undelivered?: readonly UndeliveredProps[];
  /** Where older ones are. */
  readonly moreHref?: string;
}

/** A message as the sandbox would have sent it. */
export interface SentNoticeProps {
  readonly to: string;
  readonly channel: string;
  /** ISO time. */
  readonly at: string;
  /** Its first line. */
  readonly title: string;
  /** The parts of what is put on the wire, in the form in which they are. */
  readonly parts: readonly { readonly name: string; readonly text: string; readonly open: boolean }[];
}

export interface SentNoticesProps extends Frame {
  readonly messages: readonly SentNoticeProps[];
  readonly moreHref?: string;
}
