/** Who is looking at a page, and whether a form was really shown to them. */
import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { type Scope, scopesOfRoles } from '../../../contracts/scopes.ts';
import type { Person } from '../auth/caller.ts';
import type { VisitorForms } from '../auth/forms.ts';
import type { People } from '../auth/people.ts';
import { sameText } from '../auth/proofs.ts';
import type { WebSession, WebSessions } from '../auth/web-sessions.ts';
import { CountersignError } from '../errors.ts';
import { signInHref } from '../web/links.ts';
import type { Frame } from '../web/props.ts';
import type { Composition } from './pages/composition.ts';
import type { Waits } from './pages/waits.ts';

export interface PageSessions {
  /** Hook: sends whoever is not signed in to the sign-in page and back; a form is to be filled in again. */
  readonly requirePerson: preHandlerAsyncHookHandler;
  /** Hook for POST: the form must carry the csrf field of the page it came from. @throws access_denied */
  readonly requireForm: preHandlerAsyncHookHandler;
  /** The session behind the request; undefined for a visitor. */
  find(request: FastifyRequest): Promise<WebSession | undefined>;
  /** The session in a route that has requirePerson. */
  sessionOf(request: FastifyRequest): WebSession;
  /** Everything a person's roles allow where these packs are enabled. */
  scopesOf(person: Pick<Person, 'roles'> | undefined): ReadonlySet<Scope>;
  /** What is around every page, for the person or visitor of this request. Sets a visitor's cookie. */
  frame(request: FastifyRequest, reply: FastifyReply): Promise<Frame>;
}

interface Parts {
  readonly sessions: WebSessions;
  readonly people: Pick<People, 'find'>;
  readonly forms: VisitorForms;
  /** Names of the packs that are enabled. */
  readonly packs: readonly string[];
  /** There are demo people, and a banner says so. */
  readonly sandbox: boolean;
  /** Setting TIME_ZONE. */
  readonly timeZone?: string;
  /** The company's sign-in, if people use one. */
  readonly sso?: unknown;
  /** How many changes wait for somebody, for the header. */
  readonly waits: Pick<Waits, 'countFor'>;
  /** What the header leads to, and how pages look. */
  readonly composition: Pick<Composition, 'nav' | 'stylesheet'>;
}

/** Pages that people open to decide: a sign-in for them proves when it was, so that it need not be repeated there. */
const decisive: ReadonlySet<string | undefined> = new Set([
  routes.approval.path,
  routes.decide.path,
  routes.accessRequest.path,
  routes.decideAccess.path,
]);

/** Fields of a form post; those sent several times as lists. */
export const fieldsOf = (request: FastifyRequest): Readonly<Record<string, unknown>> =>
  typeof request.body === 'object' && request.body !== null ? { ...request.body } : {};

/** Makes forms readable in this scope, unless they are already. */
export const addForms = async (scope: FastifyInstance): Promise<void> => {
  if (!scope.hasContentTypeParser('application/x-www-form-urlencoded')) await scope.register(formbody);
};

/** The session with the roles and the team that its person still has, as of their newest sign-in anywhere. */
const current = async (people: Parts['people'], session: WebSession | undefined): Promise<WebSession | undefined> => {
  const known = session && (await people.find(session.person.personId));
  if (!known) return undefined;
  const roles = session.person.roles.filter((role) => known.roles.includes(role));
  const { team, ...person } = session.person;
  const still = team !== undefined && team === known.team;
  return { ...session, person: { ...person, ...(still && { team }), roles } };
};

export const createPageSessions = (parts: Parts): PageSessions => {
  const { packs, sessions, people: known, forms, sandbox, timeZone, sso, composition, waits } = parts;
  const around = { sandbox, timeZone, stylesheet: composition.stylesheet.href };
  const scopesOf: PageSessions['scopesOf'] = (person) => scopesOfRoles(person?.roles ?? [], packs);
  const found = new WeakMap<FastifyRequest, Promise<WebSession | undefined>>();
  const find = (request: FastifyRequest): Promise<WebSession | undefined> => {
    const session =
      found.get(request) ?? sessions.find(request.headers.cookie).then((stored) => current(known, stored));
    found.set(request, session);
    return session;
  };
  const people = new WeakMap<FastifyRequest, WebSession>();
  return {
    find,
    scopesOf,
    requirePerson: async (request, reply) => {
      const session = await find(request);
      if (!session) {
        const again = sso !== undefined && decisive.has(request.routeOptions.url);
        return reply.redirect(signInHref(request.url, again), 303);
      }
      people.set(request, session);
    },
    requireForm: async (request) => {
      const session = await find(request);
      const expected = session ? session.csrfToken : forms.expected(request.headers.cookie);
      const { csrf } = fieldsOf(request);
      if (expected === undefined || typeof csrf !== 'string' || !sameText(csrf, expected))
        throw new CountersignError(
          'access_denied',
          'This form is from an older page or from elsewhere. Go back, load the page again and repeat.',
        );
    },
    sessionOf(request) {
      const session = people.get(request);
      if (!session) throw new Error('the route asks for a person and does not require one');
      return session;
    },
    async frame(request, reply) {
      const session = await find(request);
      if (session) {
        const scopes = scopesOf(session.person);
        const count = await waits.countFor({ person: session.person, scopes });
        const nav = composition.nav(scopes, new Map(count === undefined ? [] : [[routes.approvals.path, count]]));
        return { ...around, person: session.person, nav, csrf: session.csrfToken };
      }
      const { csrf, cookie } = forms.token(request.headers.cookie);
      if (cookie !== undefined) reply.header('set-cookie', cookie);
      return { ...around, csrf };
    },
  };
};
