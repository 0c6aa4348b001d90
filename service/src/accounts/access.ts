/** Account access as the rest of the service uses it: the gate before calls, the steps of people, and what they read. */
import type { Logger } from 'pino';
import { type Scope, scopesOfRoles } from '../../../contracts/scopes.ts';
import type { Audit } from '../audit/port.ts';
import type { Caller, Person } from '../auth/caller.ts';
import type { CallContext } from '../call.ts';
import type { Config } from '../config.ts';
import type { AccessStory, AccountRef, Accounts } from '../ports/accounts.ts';
import type { Page, Tables } from '../ports/tables.ts';
import { accountNamesFor } from './account-names.ts';
import { type Authority, authorityOf, type Matter, managedBy, matterOf, refusalOfOwnAccess } from './authority.ts';
import { type AccessDecision, decideAccess } from './decide.ts';
import { demonstrateAccess } from './demonstrate.ts';
import { expireAccess } from './expire.ts';
import { type AccountGate, createAccountGate, type ListedAccounts } from './gate.ts';
import type { AccessOutbox } from './outbox.ts';
import type { AccessParts, Actor } from './parts.ts';
import { type AccessWish, askableBy, requestAccess } from './request.ts';
import { type Revocation, revokeAccess } from './revoke.ts';
import { type AccessRequest, type ApprovalRow, holderOf, isOverdue, requestOf } from './rows.ts';
import { AccessStore } from './store.ts';
import { type AccountUpstream, type AccountUpstreams, openAccountUpstreams } from './upstreams.ts';

type Origin = Pick<CallContext, 'origin'>;

export interface AccountAccess {
  readonly upstreams: AccountUpstreams;
  readonly gate: AccountGate;
  /** The port of a pack, for the upstreams of its own contract. */
  portOf(pack: string): Accounts;
  /** @throws invalid_input, conflict where the same waits already, rate_limited */
  request(by: Actor, wish: AccessWish, context: Origin): Promise<AccessRequest>;
  /** @throws not_found, or why the decision cannot be taken */
  decide(by: Actor, decision: AccessDecision, context: Origin): Promise<AccessRequest>;
  /** @throws not_found */
  revoke(by: Actor, revocation: Revocation, context: Origin): Promise<ApprovalRow>;
  /** Marks what ran out. Nothing waits for it. */
  expire(): Promise<void>;
  /** For the sandbox: plays what packs demonstrate, once, and marks what ran out in it. */
  demonstrate(stories: readonly AccessStory[], people: readonly Person[]): Promise<void>;
  /** The upstreams that somebody may ask at. */
  askable(by: Actor): readonly AccountUpstream[];
  /** The upstreams about whose accounts somebody decides, for their team or for everybody. */
  managed(by: Actor): readonly AccountUpstream[];
  /** What somebody may act on now. */
  held(by: Actor): Promise<readonly ApprovalRow[]>;
  /** Every approval that somebody has or had, the newest of each account. */
  approvalsOf(userId: string): Promise<readonly ApprovalRow[]>;
  /** Somebody's requests, newest first. */
  requestsOf(userId: string, page: { limit: number; cursor?: string | undefined }): Promise<Page<AccessRequest>>;
  /** Why somebody cannot decide a request, where they asked for it or where that cannot be told. */
  refusalOfOwn(by: Actor, request: AccessRequest): string | undefined;
  /** Requests that wait for this person's decision, oldest first. */
  toDecide(by: Actor): Promise<readonly AccessRequest[]>;
  /** A request of one's own, or one that one decides. Undefined else, whether or not there is one. */
  find(by: Actor, requestId: string): Promise<AccessRequest | undefined>;
  /** Who may act, or could, on an account: of one's own team, or of all for an admin. */
  holders(by: Actor, account: AccountRef): Promise<readonly ApprovalRow[]>;
  /** The scopes that a call to decide this request takes: see auth/challenge.ts. For one that is not theirs to decide, reading. */
  scopesToDecide(requestId: unknown, by: Caller): Promise<readonly Scope[]>;
  /** The scopes that a call to take access away takes. */
  scopesToRevoke(person: unknown, api: unknown, by: Caller): Promise<readonly Scope[]>;
  /** What people call these accounts: as the operator lists them, as they were approved for this person, and for an admin for anybody. */
  namesOf(by: Actor, accountIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** A request as the service itself reads it, whoever asks. */
  look(requestId: string): Promise<AccessRequest | undefined>;
  /** What lets somebody decide about a matter. Undefined: nothing. */
  authority(by: Actor, matter: Matter): Authority | undefined;
  /** Whether somebody decides about this approval. */
  mayRevoke(by: Actor, row: ApprovalRow): boolean;
}

interface OpenParts {
  readonly tables: Tables;
  readonly audit: Pick<Audit, 'append' | 'appendWith'>;
  readonly config: Config;
  readonly listed: ListedAccounts;
  readonly outbox: AccessOutbox;
  readonly log: Pick<Logger, 'error'>;
  readonly now: () => Date;
}

const portsOf = (upstreams: AccountUpstreams, store: AccessStore) => (pack: string) => {
  const own = (api: string): string => {
    if (upstreams.get(api)?.pack === pack) return api;
    throw new Error(`${api} is not an upstream of contracts/packs/${pack}.ts`);
  };
  return {
    approvedFor: async (person, api) => (await store.heldBy(person, own(api))).map(holderOf),
    holdersOf: async (account) => store.holdersOf({ ...account, api: own(account.api) }),
  } satisfies Accounts;
};

const own = (by: Actor, { requester }: AccessRequest): boolean =>
  requester.personId === by.personId && requester.issuer === by.issuer;

/** The least of what one of their roles allows that lets somebody decide about a matter, and reading where none does. */
const scopesOf =
  (upstreams: AccountUpstreams, packs: readonly string[]) =>
  (by: Caller, matter: Matter | undefined, personId: unknown): readonly Scope[] => {
    const reading: readonly Scope[] = ['operations:read'];
    if (matter === undefined || personId === by.personId || authorityOf(upstreams, by, matter)) return reading;
    const roles = scopesOfRoles(by.roles, packs);
    const withoutAdmin = new Set([...roles].filter((scope) => scope !== 'admin'));
    if (authorityOf(upstreams, { ...by, scopes: withoutAdmin }, matter))
      return [...new Set(matter.apis.flatMap((api) => upstreams.get(api)?.decide ?? []))];
    return roles.has('admin') ? ['admin'] : reading;
  };

const personAmong =
  (people: readonly Person[], packs: readonly string[]) =>
  (personId: string): Actor => {
    const person = people.find((one) => one.personId === personId);
    if (person === undefined) throw new Error(`${personId} is no demo person`);
    return { ...person, scopes: scopesOfRoles(person.roles, packs) };
  };

export const openAccess = ({ tables, audit, config, listed, outbox, log, now }: OpenParts): AccountAccess => {
  const upstreams = openAccountUpstreams(config);
  const store = new AccessStore(tables, now);
  const parts: AccessParts = {
    ...{ store, upstreams, audit, listed, outbox, now },
    settings: {
      requestDays: config.ACCESS_REQUEST_DAYS,
      approveByTool: !config.APPROVE_ON_PAGE_ONLY,
      approveWithoutEmail: config.APPROVE_WITHOUT_EMAIL,
    },
  };
  const mayRevoke = (by: Actor, row: ApprovalRow): boolean =>
    row.userId === by.personId || authorityOf(upstreams, by, { apis: [row.api], team: row.team }) !== undefined;
  const scopesAbout = scopesOf(upstreams, config.TOOL_PACKS);
  return {
    upstreams,
    gate: createAccountGate({ upstreams, store, listed }),
    portOf: portsOf(upstreams, store),
    request: (by, wish, context) => requestAccess(parts, by, wish, context),
    decide: (by, decision, context) => decideAccess(parts, by, decision, context),
    revoke: (by, revocation, context) => revokeAccess(parts, by, revocation, context),
    expire: () => expireAccess(parts, log),
    demonstrate: async (stories, people) => {
      const at = (time: Date) => ({ ...parts, store: new AccessStore(tables, () => time), now: () => time });
      await demonstrateAccess({ at, now, person: personAmong(people, config.TOOL_PACKS) }, stories);
      await expireAccess(parts, log);
    },
    askable: (by) => askableBy(parts, by),
    managed: (by) => (by.scopes.has('admin') ? upstreams.all : managedBy(upstreams, by)),
    held: (by) => store.heldBy(by),
    approvalsOf: (userId) => store.approvalsOf(userId),
    requestsOf: (userId, page) => store.requestsOf(userId, page),
    refusalOfOwn: (by, request) => refusalOfOwnAccess(by, request, parts.settings.approveWithoutEmail)?.message,
    toDecide: async (by) => {
      const admin = by.scopes.has('admin');
      if (!admin && by.team === undefined) return [];
      const waiting = await store.pending(admin ? undefined : by.team);
      return waiting.filter(
        (request) =>
          !isOverdue(request, now()) &&
          !own(by, request) &&
          authorityOf(upstreams, by, matterOf(request)) !== undefined,
      );
    },
    find: async (by, requestId) => {
      const row = await store.requestRow(requestId);
      const request = row && requestOf(row);
      return request && (own(by, request) || authorityOf(upstreams, by, matterOf(request))) ? request : undefined;
    },
    holders: async (by, account) => (await store.approvalsFor(account)).filter((row) => mayRevoke(by, row)),
    scopesToDecide: async (requestId, by) => {
      const row = typeof requestId === 'string' ? await store.requestRow(requestId) : undefined;
      return scopesAbout(by, row && matterOf(requestOf(row)), row?.userId);
    },
    scopesToRevoke: async (person, api, by) =>
      // Of somebody else's, one manages at an upstream at all or not: the row is looked at by the call.
      scopesAbout(by, typeof api === 'string' ? { apis: [api], team: by.team } : undefined, person),
    namesOf: (by, accountIds) => accountNamesFor(parts, by, accountIds),
    look: async (requestId) => {
      const row = await store.requestRow(requestId);
      return row && requestOf(row);
    },
    authority: (by, matter) => authorityOf(upstreams, by, matter),
    mayRevoke,
  };
};
