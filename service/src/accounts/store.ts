/** The two tables of account access. */
import type { Together } from '../audit/port.ts';
import type { AccountHolder, AccountRef, AccountUser } from '../ports/accounts.ts';
import type { Page, TableQuery, Tables, Write } from '../ports/tables.ts';
import {
  type AccessRequest,
  type ApprovalRow,
  accountKeyOf,
  holderOf,
  holds,
  holdsForItsPerson,
  type RequestRow,
  requestOf,
} from './rows.ts';

/** Rows of one read, and the most of a list that people read. */
const PAGE = 100;
const MOST_ROWS = 1000;
/** What of earlier approvals a row keeps. */
const MOST_HISTORY = 20;

const withCursor = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

type Table = 'approved-accounts' | 'access-requests';

export class AccessStore {
  readonly #tables: Tables;
  readonly #now: () => Date;

  constructor(tables: Tables, now: () => Date) {
    this.#tables = tables;
    this.#now = now;
  }

  /** The approval that lets this person act on an account now. Read from the table itself, so it is never an old one. */
  async holding(person: AccountUser, account: AccountRef): Promise<ApprovalRow | undefined> {
    const row = await this.approval(person.personId, account);
    return row !== undefined && holds(row, person, this.#now()) ? row : undefined;
  }

  approval(userId: string, account: AccountRef): Promise<ApprovalRow | undefined> {
    return this.#tables.get('approved-accounts', { userId, accountKey: accountKeyOf(account) });
  }

  /** What lets this person act now, in the order of the accounts. */
  async heldBy(person: AccountUser, api?: string): Promise<ApprovalRow[]> {
    const range = api === undefined ? {} : { from: `${api}:`, to: `${api}:\uffff` };
    const rows = await this.#all('approved-accounts', { partition: person.personId, ...range });
    return rows.filter((row) => (api === undefined || row.api === api) && holds(row, person, this.#now()));
  }

  /** Every approval that a person has or had, the newest of each account. */
  approvalsOf(userId: string): Promise<ApprovalRow[]> {
    return this.#all('approved-accounts', { partition: userId });
  }

  /** Every approval of an account, the newest of each person. */
  approvalsFor({ api, accountId }: AccountRef): Promise<ApprovalRow[]> {
    return this.#all('approved-accounts', {
      index: 'api-accountId-index',
      partition: api,
      from: accountId,
      to: accountId,
    });
  }

  async holdersOf(account: AccountRef): Promise<AccountHolder[]> {
    return (await this.approvalsFor(account)).filter((row) => holdsForItsPerson(row, this.#now())).map(holderOf);
  }

  /** Approvals that say ACTIVE and whose end has passed. */
  async overdueApprovals(limit: number): Promise<ApprovalRow[]> {
    return this.#activeUntil({ to: this.#now().toISOString() }, limit);
  }

  /** Approvals that hold now and end before that time, those that end first. */
  async endingApprovals(before: Date, limit: number): Promise<ApprovalRow[]> {
    const from = new Date(this.#now().getTime() + 1).toISOString();
    return this.#activeUntil({ from, to: before.toISOString() }, limit);
  }

  async #activeUntil(range: { readonly from?: string; readonly to: string }, limit: number): Promise<ApprovalRow[]> {
    const query = { index: 'expiresAt-index', partition: 'ACTIVE', ...range, limit } as const;
    return (await this.#tables.query('approved-accounts', query)).items;
  }

  requestRow(requestId: string): Promise<RequestRow | undefined> {
    return this.#tables.get('access-requests', { requestId });
  }

  /** Newest first. */
  async requestsOf(userId: string, page: { limit: number; cursor?: string | undefined }): Promise<Page<AccessRequest>> {
    const { items, cursor } = await this.#tables.query('access-requests', {
      index: 'userId-requestedAt-index',
      partition: userId,
      descending: true,
      limit: page.limit,
      ...withCursor(page.cursor),
    });
    return { items: items.map(requestOf), ...withCursor(cursor) };
  }

  /** Requests that wait, oldest first. @param team those that its managers decide; default all */
  async pending(team?: string): Promise<AccessRequest[]> {
    const rows = await this.#all(
      'access-requests',
      team === undefined
        ? { index: 'status-requestedAt-index', partition: 'PENDING' }
        : { index: 'localManager-status-index', partition: team, from: 'PENDING', to: 'PENDING' },
    );
    return rows.map(requestOf).sort((a, b) => (a.requestedAt < b.requestedAt ? -1 : 1));
  }

  /** A new request, to be written with its audit record. */
  inserting(row: RequestRow): Together {
    return {
      writes: [{ kind: 'insert', table: 'access-requests', row }],
      possible: async () => (await this.requestRow(row.requestId)) === undefined,
    };
  }

  /** The next row of a request, if it still has the status and the end that were read. */
  replacing(from: RequestRow, to: RequestRow): Together {
    const { requestId, status, expiresAt } = from;
    return {
      writes: [{ kind: 'put', table: 'access-requests', row: to, expect: { status, expiresAt } }],
      possible: async () => {
        const now = await this.requestRow(requestId);
        return now?.status === status && now.expiresAt === expiresAt;
      },
    };
  }

  /** An approval in place of what was read for its account. What was there is kept in its history. */
  approving(row: ApprovalRow, before: ApprovalRow | undefined): Together {
    const write: Write =
      before === undefined
        ? { kind: 'insert', table: 'approved-accounts', row }
        : {
            kind: 'put',
            table: 'approved-accounts',
            row: { ...row, history: [historyOf(before), ...earlier(before)].slice(0, MOST_HISTORY) },
            expect: { status: before.status, approvedAt: before.approvedAt, requestId: before.requestId },
          };
    return { writes: [write], possible: () => this.#isStill(row, before) };
  }

  /** The end of an approval that was read as ACTIVE. */
  ending(row: ApprovalRow, end: Pick<ApprovalRow, 'status' | 'endedBy' | 'endedAt'>): Together {
    const { status, approvedAt, expiresAt } = row;
    return {
      writes: [
        { kind: 'put', table: 'approved-accounts', row: { ...row, ...end }, expect: { status, approvedAt, expiresAt } },
      ],
      possible: () => this.#isStill(row, row),
    };
  }

  async #isStill({ userId, accountKey }: ApprovalRow, before: ApprovalRow | undefined): Promise<boolean> {
    const now = await this.#tables.get('approved-accounts', { userId, accountKey });
    return now?.status === before?.status && now?.approvedAt === before?.approvedAt;
  }

  async #all<T extends Table>(table: T, query: TableQuery<T>) {
    const first = await this.#tables.query(table, { ...query, limit: PAGE });
    const { items } = first;
    for (let { cursor } = first; cursor !== undefined && items.length < MOST_ROWS; ) {
      const page = await this.#tables.query(table, { ...query, limit: PAGE, cursor });
      items.push(...page.items);
      cursor = page.cursor;
    }
    return items;
  }
}

const historyOf = ({
  userId: _user,
  accountKey: _key,
  api: _api,
  accountId: _id,
  history: _own,
  person: _p,
  ...row
}: ApprovalRow) => row;

/** What the row before had kept. */
const earlier = ({ history }: ApprovalRow): unknown[] => (Array.isArray(history) ? history : []);
