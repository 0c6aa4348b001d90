/** Where the authorization server sends people: to be recognised, then asked. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors, type InteractionResults, type Provider } from 'oidc-provider';
import { routes } from '../../../contracts/routes.ts';
import { eventFrom } from '../audit/event.ts';
import type { Audit } from '../audit/port.ts';
import type { Auth } from '../auth/auth.ts';
import type { AuthorizationServer } from '../auth/authorization-server.ts';
import { type Choice, choiceOf, chosenOf } from '../auth/consent.ts';
import { documentHostOf, shownClient } from '../auth/policy/clients.ts';
import { answers, needsItsOwn } from '../auth/policy/interaction.ts';
import { isElevated, withImplied } from '../auth/policy/scopes.ts';
import { shownScope } from '../auth/roles.ts';
import { isRaising, type WebSession } from '../auth/web-sessions.ts';
import type { Config } from '../config.ts';
import { CountersignError } from '../errors.ts';
import { consentPage, onwardPage } from '../web/index.ts';
import { signInHref } from '../web/links.ts';
import { originOf } from './origin.ts';
import { fieldsOf, type PageSessions } from './page-sessions.ts';

export interface InteractionParts {
  readonly auth: Pick<Auth, 'grants' | 'sso' | 'clients'>;
  readonly server: AuthorizationServer;
  readonly pages: PageSessions;
  readonly audit: Pick<Audit, 'append'>;
  readonly config: Pick<Config, 'REFRESH_TOKEN_DAYS' | 'ELEVATED_TOKEN_SECONDS' | 'RESOURCES' | 'TOOL_PACKS'>;
  readonly now: () => Date;
}

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

interface Route {
  readonly Params: { readonly uid: string };
}

const html = 'text/html; charset=utf-8';
const pathOf = (request: FastifyRequest<Route>) => routes.interaction.path.replace(':uid', request.params.uid);
const ended = () =>
  new CountersignError('request_expired', 'This request for access has ended. Go back to the app and connect again.');

/** The interaction of the browser's own cookie, which must be the one in the address. @throws request_expired */
const detailsOf = async (provider: Provider, request: FastifyRequest<Route>, reply: FastifyReply): Promise<Details> => {
  try {
    const details = await provider.interactionDetails(request.raw, reply.raw);
    if (details.uid === request.params.uid) return details;
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
  }
  throw ended();
};

/** The library signs another person out by a page with a script; here the other person's session just ends. */
const forgetOtherPerson = async (
  provider: Provider,
  details: Details,
  personId: string,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  const session = await provider.Session.get(provider.createContext(request.raw, reply.raw));
  if (session.accountId === undefined || session.accountId === personId) return;
  await session.destroy();
  if (details.session) {
    delete details.session;
    await details.persist();
  }
};

const answerLogin = async (
  { auth, pages, now }: InteractionParts,
  provider: Provider,
  details: Details,
  request: FastifyRequest<Route>,
  reply: FastifyReply,
) => {
  const session = await pages.find(request);
  const fresh = session && answers(session, { params: details.params, path: pathOf(request) }, now());
  if (!session || !fresh) {
    // Demo people prove by every sign-in who they are; a company's session has to be told to ask.
    const again = session !== undefined || (auth.sso !== undefined && needsItsOwn(details.params));
    return reply.redirect(signInHref(pathOf(request), again), 303);
  }
  const { personId } = session.person;
  await forgetOtherPerson(provider, details, personId, request, reply);
  const login = { accountId: personId, ts: session.authenticatedAt, remember: false };
  return reply.redirect(await provider.interactionResult(request.raw, reply.raw, { login }), 303);
};

/** The person who signed in for this request, and nobody who sat down since or when they had long been away. */
const personOf = async (
  { pages, now }: InteractionParts,
  details: Details,
  request: FastifyRequest,
): Promise<WebSession> => {
  const session = await pages.find(request);
  if (details.prompt.name !== 'consent' || session?.person.personId !== details.session?.accountId || !session)
    throw ended();
  if (isElevated(details.params.scope) && !isRaising(details.lastSubmission?.login?.ts, now())) throw ended();
  return session;
};

const clientOf = async (provider: Provider, details: Details) => {
  const client = await provider.Client.find(String(details.params.client_id));
  if (!client) throw ended();
  return client;
};

const showConsent = async (
  parts: InteractionParts,
  provider: Provider,
  details: Details,
  request: FastifyRequest<Route>,
  reply: FastifyReply,
) => {
  const session = await personOf(parts, details, request);
  const { offered, refused } = choiceOf(session.person, details.params.scope, parts.config.TOOL_PACKS);
  const client = await clientOf(provider, details);
  const documentHost = documentHostOf(client.clientId);
  const page = consentPage({
    ...(await parts.pages.frame(request, reply)),
    client: shownClient(client, details.params.redirect_uri),
    address: String(details.params.redirect_uri),
    ...(documentHost !== undefined && { documentHost }),
    ...(client.grantTypeAllowed('refresh_token') && { days: parts.config.REFRESH_TOKEN_DAYS }),
    minutes: Math.round(parts.config.ELEVATED_TOKEN_SECONDS / 60),
    scopes: offered.map(shownScope),
    refused: refused.map(shownScope),
    action: routes.consent.path.replace(':uid', request.params.uid),
  });
  return reply.type(html).send(page);
};

/** A fresh grant with what was ticked. What was not is refused in it, so that it is not asked for again. */
const grantOf = async (
  { auth, config }: InteractionParts,
  provider: Provider,
  details: Details,
  personId: string,
  { offered, refused, chosen }: Choice & { readonly chosen: readonly string[] },
): Promise<string> => {
  const clientId = String(details.params.client_id);
  const grant = new provider.Grant({ accountId: personId, clientId });
  const declined = [...offered, ...refused].filter((name) => !chosen.includes(name));
  grant.addOIDCScope('openid offline_access');
  for (const resource of config.RESOURCES) {
    grant.addResourceScope(resource, chosen.join(' '));
    if (declined.length > 0) grant.rejectResourceScope(resource, declined.join(' '));
  }
  const grantId = await grant.save();
  const { host: answersTo } = shownClient({ clientId }, details.params.redirect_uri);
  await auth.clients.used(clientId);
  await auth.grants.begin({ grantId, personId, clientId, scopes: chosen, answersTo });
  return grantId;
};

const takeConsent = async (
  parts: InteractionParts,
  provider: Provider,
  details: Details,
  request: FastifyRequest<Route>,
): Promise<InteractionResults> => {
  const { person } = await personOf(parts, details, request);
  const { decision, scope } = fieldsOf(request);
  const { TOOL_PACKS: packs } = parts.config;
  const choice = choiceOf(person, details.params.scope, packs);
  const chosen = decision === 'allow' ? withImplied(chosenOf(choice, scope), packs) : [];
  const origin = originOf(request);
  const about = {
    userId: person.personId,
    tool: 'consent',
    action: 'authorize' as const,
    clientId: String(details.params.client_id),
    summary: { asked: [...choice.offered, ...choice.refused], granted: chosen },
  };
  if (chosen.length === 0) {
    await parts.audit.append(eventFrom(origin, { ...about, result: 'blocked', errorCode: 'access_denied' }));
    return { error: 'access_denied', error_description: 'The person allowed nothing' };
  }
  const grantId = await grantOf(parts, provider, details, person.personId, { ...choice, chosen });
  await parts.audit.append(eventFrom(origin, { ...about, correlationId: grantId, result: 'success' }));
  return { consent: { grantId } };
};

export const addInteraction = (app: FastifyInstance, parts: InteractionParts): void => {
  app.get<Route>(routes.interaction.path, async (request, reply) => {
    const provider = await parts.server.provider();
    const details = await detailsOf(provider, request, reply);
    return details.prompt.name === 'login'
      ? answerLogin(parts, provider, details, request, reply)
      : showConsent(parts, provider, details, request, reply);
  });
  app.post<Route>(routes.consent.path, { preHandler: parts.pages.requireForm }, async (request, reply) => {
    const provider = await parts.server.provider();
    const details = await detailsOf(provider, request, reply);
    const result = await takeConsent(parts, provider, details, request);
    // The login of the same authorization is in the last submission and must stay.
    const href = await provider.interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: true });
    // Not a redirect: browsers hold each hop after a form against form-action, and where a client's own page leads
    // (a private scheme, another host) nobody can know.
    reply.header('refresh', `0; url=${href}`);
    return reply.type(html).send(onwardPage({ ...(await parts.pages.frame(request, reply)), href }));
  });
};
