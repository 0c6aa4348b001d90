/** Pages for signed-in people: who is looking, and what around the page they see. */
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { Scope } from '../../../../contracts/scopes.ts';
import type { Actor } from '../../accounts/parts.ts';
import type { WebSession } from '../../auth/web-sessions.ts';
import { CountersignError } from '../../errors.ts';
import type { Frame } from '../../web/props.ts';
import type { PageSessions } from '../page-sessions.ts';

/** A signed-in person who may at least read. */
export interface Visitor extends WebSession {
  /** Everything this person's roles allow. */
  readonly scopes: ReadonlySet<Scope>;
  readonly frame: Frame;
}

interface Parts {
  readonly pages: PageSessions;
}

type Handler = (visitor: Visitor, request: FastifyRequest, reply: FastifyReply) => Promise<string | FastifyReply>;

/** Sends a page. What is not a string has been sent already. */
export const sendPage = (reply: FastifyReply, page: string | FastifyReply): FastifyReply =>
  typeof page === 'string' ? reply.type('text/html; charset=utf-8').send(page) : page;

/** Scopes a page asks for beside the one that every page does. */
type Needed = readonly (Scope | undefined)[];

const handle =
  ({ pages }: Parts, handler: Handler, needed: Needed) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const session = pages.sessionOf(request);
    const scopes = pages.scopesOf(session.person);
    if (!scopes.has('operations:read'))
      throw new CountersignError('access_denied', 'You have no role here yet. Ask an administrator for one.');
    const lacking = needed.find((scope) => scope !== undefined && !scopes.has(scope));
    if (lacking !== undefined)
      throw new CountersignError(
        'access_denied',
        `This needs the scope ${lacking}, which none of your roles has. Ask an administrator for a role that has it.`,
      );
    const visitor = { ...session, scopes, frame: await pages.frame(request, reply) };
    return sendPage(reply, await handler(visitor, request, reply));
  };

/**
 * A page for signed-in people; others are sent to sign in and come back.
 * @throws access_denied without any role, or without a needed scope
 */
export const forPeople = (parts: Parts, handler: Handler, needed: Needed = []): RouteShorthandOptionsWithHandler => ({
  preHandler: parts.pages.requirePerson,
  handler: handle(parts, handler, needed),
});

/**
 * A form of a signed-in person.
 * @throws access_denied unless it was made for them, without any role, or without a needed scope
 */
export const forTheirForm = (
  parts: Parts,
  handler: Handler,
  needed: Needed = [],
): RouteShorthandOptionsWithHandler => ({
  preHandler: [parts.pages.requirePerson, parts.pages.requireForm],
  handler: handle(parts, handler, needed),
});

/** Somebody who looks at a page, for what decides about access to accounts. */
export const actorOf = ({ person, scopes }: Visitor): Actor => ({ ...person, scopes });
