/** Registers the pages of packs and the forms on them. */
import type { FastifyInstance, FastifyReply, FastifyRequest, preValidationAsyncHookHandler } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { scopes } from '../../../../contracts/scopes.ts';
import { CountersignError } from '../../errors.ts';
import type { Dispatch } from '../../mcp/dispatch.ts';
import type { PackPage, PageAction, PageContent, PageContext, PageVisitor, Submitted } from '../../packs/page.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { page as document } from '../../web/layout.ts';
import { signInHref } from '../../web/links.ts';
import { originOf } from '../origin.ts';
import { fieldsOf, type PageSessions } from '../page-sessions.ts';
import { isFresh } from './answers.ts';
import { pageCallOf } from './call-context.ts';
import { forPeople, forTheirForm, type Visitor } from './visitor.ts';

export interface PackPageParts {
  readonly pages: PageSessions;
  /** The way of a tool call, for forms that ask for one. */
  readonly dispatch: Dispatch;
  /** Seconds after a sign-in in which its person may send forms whose scope is elevated. */
  readonly freshSeconds: number;
  /** Milliseconds that making a page or taking a form may last. Default 30,000. */
  readonly pageMs?: number;
  readonly log: Logger;
  readonly now: () => Date;
}

const mostMs = 30_000;
/** Bytes of a form that says nothing else. */
const formBytes = 65_536;

const tooLong = () => new CountersignError('timeout', 'This took too long. Try again in a while.');

const Params = z.record(z.string(), z.string());

/** @param page address of the page, filled in */
const visitorOf = (visitor: Visitor, page: string, parts: PackPageParts): PageVisitor => ({
  ...{ person: visitor.person, scopes: visitor.scopes, csrf: visitor.frame.csrf },
  ...(!isFresh(visitor, parts) && { signInAgain: signInHref(page, true) }),
});

const contextOf = (request: FastifyRequest, { log, now, pageMs = mostMs }: PackPageParts): PageContext => ({
  origin: originOf(request),
  signal: AbortSignal.timeout(pageMs),
  log: log.child({ correlationId: request.id }),
  now,
});

/** @throws invalid_input naming the first field that is wrong */
const parsed = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new CountersignError('invalid_input', `${first?.path.join('.')}: ${first?.message}`);
};

/** The content inside the layout. */
const shown = (content: PageContent, packPage: PackPage, { frame }: Visitor, reply: FastifyReply): string => {
  if (content.status !== undefined) reply.code(content.status);
  return document({
    frame,
    title: content.title ?? packPage.title,
    current: packPage.route.path,
    width: content.width ?? 'sheet',
    refresh: content.refresh,
    main: content.main,
  });
};

/** A path of this service. What a pack read from outside must not lead a browser elsewhere. @throws otherwise */
const localOnly = (path: string): string => {
  if (/^\/(?![/\\])[^\\\s]*$/.test(path)) return path;
  throw new Error('a form of a pack redirects to an address that is no path of this service');
};

const fill = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replace(/:(\w+)/g, (name, key: string) => (params[key] === undefined ? name : encodeURIComponent(params[key])));

/** The page that a form is on; home where the form's address does not say which. */
const pageOf = ({ route: { path } }: PackPage, request: FastifyRequest): string => {
  const filled = fill(path, Params.parse(request.params));
  return filled.includes(':') ? routes.home.path : filled;
};

/** A form cannot be sent again after a sign-in: whoever is no longer signed in comes back to its page. */
const backToPage =
  (page: PackPage, { pages }: PackPageParts): preValidationAsyncHookHandler =>
  async (request, reply) => {
    if (await pages.find(request)) return;
    return reply.redirect(signInHref(pageOf(page, request)), 303);
  };

/** An agent's token of an elevated scope proves a sign-in of the last minutes, and so does a form that asks for one. */
const isElevated = ({ route: { scope } }: PageAction): boolean => scope !== undefined && scopes[scope].elevated;

const callsOf = (
  visitor: Visitor,
  request: FastifyRequest,
  parts: PackPageParts,
  { origin, signal }: PageContext,
): Submitted<never>['callTool'] => {
  const { caller, progress } = pageCallOf(visitor, request, parts);
  return async (name, args) => (await parts.dispatch({ name, args, caller, origin, progress, signal })).structured;
};

const addAction = (scope: FastifyInstance, parts: PackPageParts, packPage: PackPage, action: PageAction): void => {
  scope.post(action.route.path, {
    bodyLimit: action.maxBytes ?? formBytes,
    preValidation: backToPage(packPage, parts),
    ...forTheirForm(
      parts,
      async (visitor, request, reply) => {
        const page = pageOf(packPage, request);
        if (isElevated(action) && !isFresh(visitor, parts)) return reply.redirect(signInHref(page, true), 303);
        const { csrf: _csrf, ...fields } = fieldsOf(request);
        const context = contextOf(request, parts);
        const asked = {
          visitor: visitorOf(visitor, page, parts),
          callTool: callsOf(visitor, request, parts, context),
          params: Params.parse(request.params),
          fields: parsed(action.fields, fields),
          context,
        };
        const result = await unlessAborted(action.submit(asked), context.signal, tooLong);
        if ('redirect' in result) return reply.redirect(localOnly(result.redirect), 303);
        return shown(result, packPage, visitor, reply);
      },
      [packPage.route.scope, action.route.scope],
    ),
  });
};

export const addPackPages = (scope: FastifyInstance, parts: PackPageParts, pages: readonly PackPage[]): void => {
  for (const packPage of pages) {
    scope.get(
      packPage.route.path,
      forPeople(
        parts,
        async (visitor, request, reply) => {
          const context = contextOf(request, parts);
          const asked = {
            visitor: visitorOf(visitor, request.url, parts),
            params: Params.parse(request.params),
            query: parsed(packPage.query ?? z.object({}), request.query),
            context,
          };
          const content = await unlessAborted(packPage.show(asked), context.signal, tooLong);
          return shown(content, packPage, visitor, reply);
        },
        [packPage.route.scope],
      ),
    );
    for (const action of packPage.actions ?? []) addAction(scope, parts, packPage, action);
  }
};
