/** Where a person raises scopes for a client that cannot step up by itself. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { offeredScopes, type Scope, scopes } from '../../../contracts/scopes.ts';
import { eventFrom } from '../audit/event.ts';
import type { Audit } from '../audit/port.ts';
import type { Auth } from '../auth/auth.ts';
import { choiceOf } from '../auth/consent.ts';
import { shownScope } from '../auth/roles.ts';
import { isFreshFor, type WebSession } from '../auth/web-sessions.ts';
import type { Config } from '../config.ts';
import { CountersignError } from '../errors.ts';
import type { Metrics } from '../ports/metrics.ts';
import { stepUpPage } from '../web/index.ts';
import { signInHref, stepUpHref } from '../web/links.ts';
import type { ClientProps } from '../web/props.ts';
import { originOf } from './origin.ts';
import { fieldsOf, type PageSessions } from './page-sessions.ts';

export interface StepUpParts {
  readonly auth: Pick<Auth, 'elevations' | 'stepUps' | 'clients'>;
  readonly pages: PageSessions;
  readonly audit: Pick<Audit, 'append'>;
  readonly metrics: Metrics;
  readonly config: Pick<Config, 'ELEVATED_TOKEN_SECONDS' | 'TOOL_PACKS'>;
  readonly now: () => Date;
}

interface Raise {
  readonly clientId: string;
  readonly asked: readonly Scope[];
}

interface StepUpQuery {
  readonly client_id?: unknown;
  readonly scope?: unknown;
}

const html = 'text/html; charset=utf-8';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : text(value).split(' '));

/** @throws invalid_input */
const raiseOf = ({ client_id, scope }: StepUpQuery, { config }: StepUpParts): Raise => {
  const named = new Set(words(scope));
  const asked = offeredScopes(config.TOOL_PACKS).filter((name) => scopes[name].elevated && named.has(name));
  const clientId = text(client_id);
  if (clientId === '' || asked.length === 0)
    throw new CountersignError(
      'invalid_input',
      'This link is incomplete: open the step_up_url that your app was given.',
    );
  return { clientId, asked };
};

/** The page for exactly this raise: what a person signs in for. */
const hrefOf = ({ clientId, asked }: Raise): string => stepUpHref(clientId, asked);

/**
 * The client, if this person may raise these scopes for it: their roles allow all of them, and they connected it.
 * @throws access_denied
 */
const clientOf = async ({ auth, config }: StepUpParts, { person }: WebSession, raise: Raise): Promise<ClientProps> => {
  const { refused } = choiceOf(person, raise.asked.join(' '), config.TOOL_PACKS);
  if (refused.length > 0)
    throw new CountersignError(
      'access_denied',
      `Your roles do not include ${refused.join(' and ')}. Ask an administrator if they should.`,
    );
  const client = await auth.clients.connected(person.personId, raise.clientId);
  if (!client)
    throw new CountersignError(
      'access_denied',
      `${person.name} has not connected this app. Whoever connected it must sign in here.`,
    );
  return client;
};

const show = async (
  parts: StepUpParts,
  { request, reply, session, raise }: Visit,
  raisedUntil?: string,
): Promise<FastifyReply> => {
  const page = stepUpPage({
    ...(await parts.pages.frame(request, reply)),
    client: await clientOf(parts, session, raise),
    scopes: raise.asked.map(shownScope),
    minutes: Math.round(parts.config.ELEVATED_TOKEN_SECONDS / 60),
    action: hrefOf(raise),
    ...(raisedUntil !== undefined && { raisedUntil }),
  });
  return reply.type(html).send(page);
};

interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly session: WebSession;
  readonly raise: Raise;
}

/** The visit, if its person signed in for exactly this a few minutes ago; otherwise they are sent to sign in again. */
const freshVisit = async (
  { pages, now }: StepUpParts,
  request: FastifyRequest,
  reply: FastifyReply,
  raise: Raise,
): Promise<Visit | undefined> => {
  const session = await pages.find(request);
  if (session && isFreshFor(session, hrefOf(raise), now())) return { request, reply, session, raise };
  reply.redirect(signInHref(hrefOf(raise), true), 303);
  return undefined;
};

const raiseScopes = async (parts: StepUpParts, visit: Visit): Promise<FastifyReply> => {
  const { auth, audit, metrics } = parts;
  const { request, session, raise } = visit;
  await clientOf(parts, session, raise);
  const { personId } = session.person;
  const { clientId, asked } = raise;
  await audit.append(
    eventFrom(originOf(request), {
      userId: personId,
      tool: 'step-up',
      action: 'authorize',
      result: 'success',
      clientId,
      summary: { raised: [...asked] },
    }),
  );
  const { until } = await auth.elevations.raise(personId, clientId, asked);
  await auth.stepUps.settled({ personId, clientId });
  metrics.count('StepUps', { Way: 'page' });
  return show(parts, visit, new Date(until * 1000).toISOString());
};

export const addStepUp = (app: FastifyInstance, parts: StepUpParts): void => {
  app.get<{ Querystring: StepUpQuery }>(routes.stepUp.path, async (request, reply) => {
    const visit = await freshVisit(parts, request, reply, raiseOf(request.query, parts));
    return visit ? show(parts, visit) : reply;
  });
  app.post(routes.raise.path, { preHandler: parts.pages.requireForm }, async (request, reply) => {
    const visit = await freshVisit(parts, request, reply, raiseOf(fieldsOf(request), parts));
    return visit ? raiseScopes(parts, visit) : reply;
  });
};
