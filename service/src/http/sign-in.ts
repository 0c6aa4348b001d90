/** Signing in and out on the service's own pages. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { eventFrom } from '../audit/event.ts';
import type { Audit } from '../audit/port.ts';
import type { Auth } from '../auth/auth.ts';
import type { Person } from '../auth/caller.ts';
import { demoPeople } from '../auth/people.ts';
import { localPath } from '../auth/return-to.ts';
import { mayOf } from '../auth/roles.ts';
import { noRole, signInProblem } from '../auth/sign-in-problem.ts';
import { SignInError } from '../auth/sso.ts';
import type { SignIn } from '../auth/web-sessions.ts';
import type { Config } from '../config.ts';
import type { Metrics } from '../ports/metrics.ts';
import { errorPage, signInPage } from '../web/index.ts';
import { originOf } from './origin.ts';
import { fieldsOf, type PageSessions } from './page-sessions.ts';

export interface SignInParts {
  readonly auth: Pick<Auth, 'sessions' | 'people' | 'sso' | 'elevations' | 'clients'>;
  readonly pages: PageSessions;
  readonly audit: Pick<Audit, 'append'>;
  readonly metrics: Metrics;
  readonly config: Pick<Config, 'ROLE_MAP'>;
  readonly now: () => Date;
}

interface SignInQuery {
  readonly return_to?: unknown;
  readonly again?: unknown;
}

const html = 'text/html; charset=utf-8';

/** Audits, keeps the person and begins the session, in this order: without a record nobody is signed in. */
const admit = async ({ auth, audit }: SignInParts, signIn: SignIn, request: FastifyRequest): Promise<string> => {
  const { person } = signIn;
  await audit.append(
    eventFrom(originOf(request), {
      userId: person.personId,
      tool: 'sign-in',
      action: 'authorize',
      result: 'success',
      summary: { roles: [...person.roles] },
    }),
  );
  await auth.people.signedIn(person);
  return auth.sessions.begin(signIn, request.headers.cookie);
};

const interactionPath = new RegExp(`^${routes.interaction.path.replace(':uid', '([\\w-]{1,64})')}$`);

/** The request for access that the person signs in for; empty for any other page. */
const interactionOf = (returnTo: string): string => interactionPath.exec(returnTo)?.[1] ?? '';

const showSignIn = async (parts: SignInParts, request: FastifyRequest, reply: FastifyReply, query: SignInQuery) => {
  const returnTo = localPath(query.return_to);
  const again = query.again === '1';
  // Whoever is signed in already goes on; whether that is enough, the page they go to decides.
  if (!again && (await parts.pages.find(request))) return reply.redirect(returnTo, 303);
  const asks = await parts.auth.clients.asking(interactionOf(returnTo));
  const company = new URLSearchParams({ ...(again && { again: '1' }), return_to: returnTo });
  return reply.type(html).send(
    signInPage({
      ...(await parts.pages.frame(request, reply)),
      ...(parts.auth.sso
        ? { providerHref: `${routes.signInAtProvider.path}?${company}` }
        : { people: demoPeople.map((person) => ({ ...person, may: mayOf(person.roles) })) }),
      ...(asks && { asks }),
      returnTo,
      again,
    }),
  );
};

const addDemoSignIn = (app: FastifyInstance, parts: SignInParts): void => {
  app.post(routes.signInAs.path, { preHandler: parts.pages.requireForm }, async (request, reply) => {
    const fields = fieldsOf(request);
    const person = demoPeople.find(({ personId }) => personId === fields.person);
    if (!person) return showSignIn(parts, request, reply, { ...fields, again: '1' });
    const purpose = localPath(fields.return_to);
    const authenticatedAt = Math.floor(parts.now().getTime() / 1000);
    const cookie = await admit(parts, { person, authenticatedAt, purpose }, request);
    return reply.header('set-cookie', cookie).redirect(purpose, 303);
  });
};

const addCompanySignIn = (app: FastifyInstance, parts: SignInParts, sso: NonNullable<Auth['sso']>): void => {
  const refuse = async (request: FastifyRequest, reply: FastifyReply, error: SignInError) => {
    request.log.warn({ err: error, reason: error.reason }, 'sign-in failed');
    parts.metrics.count('AuthFailures', { Reason: `sign_in_${error.reason}` });
    const problem = signInProblem(error.reason);
    const page = { ...(await parts.pages.frame(request, reply)), ...problem, requestId: request.id };
    return reply.code(problem.status).type(html).send(errorPage(page));
  };
  app.get<{ Querystring: SignInQuery }>(routes.signInAtProvider.path, async (request, reply) => {
    try {
      const { url, cookie } = await sso.begin(localPath(request.query.return_to), request.query.again === '1');
      return reply.header('set-cookie', cookie).redirect(url, 303);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      return refuse(request, reply, error);
    }
  });
  app.get(routes.signInCallback.path, async (request, reply) => {
    try {
      const query = request.url.split('?')[1] ?? '';
      const { person, authenticatedAt, returnTo, cookie } = await sso.finish(query, request.headers.cookie);
      reply.header('set-cookie', cookie);
      if (person.roles.length === 0) return refuseWithoutRole(parts, person, request, reply);
      const purpose = localPath(returnTo);
      const session = await admit(parts, { person, authenticatedAt, purpose }, request);
      return reply.header('set-cookie', session).redirect(purpose, 303);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      return refuse(request, reply, error);
    }
  });
};

/** What the person had while they had a role ends here: their tokens and pages are held to the roles of this sign-in. */
const refuseWithoutRole = async (
  { auth, audit, pages, metrics, config }: SignInParts,
  person: Person,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  await audit.append(
    eventFrom(originOf(request), {
      userId: person.personId,
      tool: 'sign-in',
      action: 'authorize',
      result: 'blocked',
      errorCode: 'no_role',
    }),
  );
  await auth.people.signedIn(person);
  await auth.elevations.endAll(person.personId);
  metrics.count('AuthFailures', { Reason: 'no_role' });
  const problem = noRole(person, config);
  const page = { ...(await pages.frame(request, reply)), ...problem, requestId: request.id };
  return reply.code(problem.status).type(html).send(errorPage(page));
};

export const addSignIn = (app: FastifyInstance, parts: SignInParts): void => {
  app.get<{ Querystring: SignInQuery }>(routes.signIn.path, (request, reply) =>
    showSignIn(parts, request, reply, request.query),
  );
  if (parts.auth.sso) addCompanySignIn(app, parts, parts.auth.sso);
  else addDemoSignIn(app, parts);
  app.post(routes.signOut.path, { preHandler: parts.pages.requireForm }, async (request, reply) => {
    const session = await parts.pages.find(request);
    // Whoever leaves does not expect apps to go on with more than they had.
    if (session) await parts.auth.elevations.endAll(session.person.personId);
    const cookie = await parts.auth.sessions.end(request.headers.cookie);
    return reply.header('set-cookie', cookie).redirect(routes.home.path, 303);
  });
};
