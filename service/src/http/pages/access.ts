/** The pages about access to accounts, and their forms. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { MOST_DAYS } from '../../accounts/decide.ts';
import type { Actor } from '../../accounts/parts.ts';
import { pastOf } from '../../accounts/past.ts';
import { type AccessRequest, holdsForItsPerson, isOverdue } from '../../accounts/rows.ts';
import { CountersignError } from '../../errors.ts';
import type { AccountRef } from '../../ports/accounts.ts';
import type { AccessRequestProps, UpstreamChoice } from '../../web/access-props.ts';
import { accessPage, accessRequestPage, accountAccessPage } from '../../web/index.ts';
import { accessRequestHref, accountAccessHref, hrefWith, signInHref } from '../../web/links.ts';
import { originOf } from '../origin.ts';
import { fieldsOf } from '../page-sessions.ts';
import { isFresh } from './answers.ts';
import type { PageParts } from './parts.ts';
import { forPeople, forTheirForm, type Visitor, actorOf as visitorOf } from './visitor.ts';

/** Requests of a page, and people of one account. */
const MOST_REQUESTS = 20;
const MOST_PEOPLE = 20;

const text = (most: number) => z.string().trim().max(most);
const named = text(200).transform((name) => (name === '' ? undefined : name));
const days = z.coerce.number().int().min(0).max(MOST_DAYS);
const Ask = z.object({
  api: text(40),
  account_id: text(200),
  account_name: named.optional(),
  client_name: named.optional(),
  // A browser sends line breaks as CR LF.
  reason: text(4000),
  days,
});
const Decide = z.object({
  decision: z.enum(['approve', 'reject']),
  accounts: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((chosen) => [chosen ?? []].flat()),
  days,
  note: text(4000).optional(),
});
const Revoke = z.object({
  person: text(200),
  api: text(40),
  account_id: text(200),
  note: text(1000),
  back: z.enum(['mine', 'account']),
});
const Look = z.object({
  api: text(40).optional().catch(undefined),
  account_id: text(200).optional().catch(undefined),
  from: z.coerce.number().int().min(0).max(10_000).catch(0),
});
const Older = z.object({ cursor: z.string().min(1).max(2000).optional().catch(undefined) });
const Done = z.object({ done: z.enum(['asked', 'ended', 'decided']).optional().catch(undefined) });
const RequestPath = z.object({ requestId: z.string().max(100) });

const doneWords = {
  asked: 'You asked for access. You are told here what was decided.',
  ended: 'The access was taken away. It counts from now on.',
  decided: 'Your decision was taken.',
} as const;

const parsed = <S extends z.ZodType>(schema: S, body: unknown): z.output<S> => {
  const found = schema.safeParse(body);
  if (found.success) return found.data;
  const [first] = found.error.issues;
  throw new CountersignError('invalid_input', `${first?.path.join('.')}: ${first?.message}`);
};

const actorOf = (visitor: Visitor): Actor => ({ ...visitorOf(visitor), clientId: 'access-page' });
const choice = ({ api, title, example }: UpstreamChoice): UpstreamChoice => ({ api, title, example });

/** What is said once something was done. */
const noticeOf = (query: unknown) => {
  const { done } = Done.parse(query);
  return done === undefined ? {} : { notice: { kind: 'success' as const, text: doneWords[done] } };
};
const problemOf = (error: unknown) => {
  if (!(error instanceof CountersignError) || error.status >= 500) throw error;
  return { status: error.status, notice: { kind: 'problem' as const, text: error.message } };
};

const overview = async ({ access, now }: PageParts, visitor: Visitor, query: unknown = {}) => {
  const by = actorOf(visitor);
  const { cursor } = Older.parse(query);
  const [held, { items: requests, cursor: next }, toDecide] = await Promise.all([
    access.held(by),
    access.requestsOf(by.personId, { limit: MOST_REQUESTS, cursor }),
    access.toDecide(by),
  ]);
  return {
    ...visitor.frame,
    ...{ held, requests, toDecide },
    ...(next !== undefined && { older: `${hrefWith(routes.access.path, { cursor: next })}#requests` }),
    ...(cursor !== undefined && { newest: `${routes.access.path}#requests` }),
    askable: access.askable(by).map(choice),
    managed: access.managed(by).map(choice),
    now: now().toISOString(),
  };
};

/** Why the person who looks cannot decide, or that they can. */
const decisionFor = (parts: PageParts, visitor: Visitor, request: AccessRequest): AccessRequestProps['decision'] => {
  const { access, now } = parts;
  if (request.status !== 'PENDING') return { may: false, because: 'It was decided already.' };
  if (isOverdue(request, now())) return { may: false, because: 'It expired. It has to be asked for again.' };
  const refused = access.refusalOfOwn(actorOf(visitor), request);
  if (refused !== undefined) return { may: false, because: refused };
  if (isFresh(visitor, parts)) return { may: true };
  return {
    may: false,
    because: 'You signed in a while ago. Sign in again to decide, so that it is surely you.',
    remedy: { href: signInHref(accessRequestHref(request.requestId), true), label: 'Sign in again to decide' },
  };
};

const found = async ({ access }: PageParts, visitor: Visitor, request: FastifyRequest): Promise<AccessRequest> => {
  const { requestId } = RequestPath.parse(request.params);
  const one = await access.find(actorOf(visitor), requestId);
  if (one === undefined) throw new CountersignError('not_found', 'There is no such request for access.');
  return one;
};

const requestView = async (
  parts: PageParts,
  visitor: Visitor,
  request: AccessRequest,
  more: Partial<AccessRequestProps>,
) =>
  accessRequestPage({
    ...visitor.frame,
    request,
    decision: decisionFor(parts, visitor, request),
    now: parts.now().toISOString(),
    ...more,
  });

const addOverview = (scope: FastifyInstance, parts: PageParts): void => {
  const { access } = parts;
  scope.get(
    routes.access.path,
    forPeople(parts, async (visitor, request) =>
      accessPage({ ...(await overview(parts, visitor, request.query)), ...noticeOf(request.query) }),
    ),
  );
  scope.post(
    routes.requestAccess.path,
    forTheirForm(parts, async (visitor, request, reply) => {
      const fields = fieldsOf(request);
      try {
        const { api, account_id: accountId, account_name, client_name, reason, days: wanted } = parsed(Ask, fields);
        if (reason.length < 10)
          throw new CountersignError('invalid_input', 'reason: say in at least 10 characters what it is needed for.');
        const account = { api, accountId, accountName: account_name, clientName: client_name };
        await access.request(
          actorOf(visitor),
          { accounts: [account], reason, days: wanted },
          { origin: originOf(request) },
        );
      } catch (error) {
        const { status, notice } = problemOf(error);
        reply.code(status);
        const draft = Object.fromEntries(
          Object.entries(fields).filter((one): one is [string, string] => typeof one[1] === 'string'),
        );
        return accessPage({ ...(await overview(parts, visitor)), notice, draft });
      }
      return reply.redirect(`${routes.access.path}?done=asked`, 303);
    }),
  );
};

const addRequest = (scope: FastifyInstance, parts: PageParts): void => {
  const { access } = parts;
  scope.get(
    routes.accessRequest.path,
    forPeople(parts, async (visitor, request) =>
      requestView(parts, visitor, await found(parts, visitor, request), noticeOf(request.query)),
    ),
  );
  scope.post(
    routes.decideAccess.path,
    forTheirForm(parts, async (visitor, request, reply) => {
      const asked = await found(parts, visitor, request);
      const { requestId } = asked;
      if (!isFresh(visitor, parts)) return reply.redirect(signInHref(accessRequestHref(requestId), true), 303);
      try {
        const { decision, accounts, days: given, note } = parsed(Decide, fieldsOf(request));
        const approves = decision === 'approve';
        await access.decide(
          actorOf(visitor),
          { requestId, decision, note, ...(approves && { accounts, days: given }) },
          { origin: originOf(request) },
        );
      } catch (error) {
        const { status, notice } = problemOf(error);
        reply.code(status);
        return requestView(parts, visitor, await found(parts, visitor, request), { notice });
      }
      return reply.redirect(`${accessRequestHref(requestId)}?done=decided`, 303);
    }),
  );
};

/** Those who may act on an account, or could, whose access the person decides about: a page of them. */
const peopleOf = async ({ access, now }: PageParts, by: Actor, account: AccountRef, from: number) => {
  const all = await access.holders(by, account);
  const shown = all.slice(from, from + MOST_PEOPLE);
  const past = await pastOf(shown, (requestId) => access.find(by, requestId));
  const rows = shown.map((row, at) => ({ row, active: holdsForItsPerson(row, now()), past: past[at] ?? [] }));
  return { ...account, rows, from, total: all.length, pageSize: MOST_PEOPLE };
};

const addAccounts = (scope: FastifyInstance, parts: PageParts): void => {
  const { access, now } = parts;
  scope.get(
    routes.accountAccess.path,
    forPeople(parts, async (visitor, request) => {
      const by = actorOf(visitor);
      const managed = access.managed(by).map(choice);
      if (managed.length === 0)
        throw new CountersignError(
          'access_denied',
          'You decide about nobody’s access to accounts. Ask an administrator.',
        );
      const { api, account_id: accountId, from } = Look.parse(request.query);
      const account =
        api === undefined || accountId === undefined ? undefined : await peopleOf(parts, by, { api, accountId }, from);
      return accountAccessPage({
        ...visitor.frame,
        managed,
        ...(account && { account }),
        ...noticeOf(request.query),
        now: now().toISOString(),
      });
    }),
  );
  scope.post(
    routes.revokeAccess.path,
    forTheirForm(parts, async (visitor, request, reply) => {
      const { person: userId, api, account_id: accountId, note, back } = parsed(Revoke, fieldsOf(request));
      await access.revoke(actorOf(visitor), { userId, api, accountId, note }, { origin: originOf(request) });
      const list = back === 'mine' ? `${routes.access.path}?` : `${accountAccessHref({ api, account_id: accountId })}&`;
      return reply.redirect(`${list}done=ended`, 303);
    }),
  );
};

export const addAccessPages = (scope: FastifyInstance, parts: PageParts): void => {
  addOverview(scope, parts);
  addRequest(scope, parts);
  addAccounts(scope, parts);
};
