/** The page that lists the apps a person connected, and the form that disconnects one. */
import type { FastifyInstance, preValidationAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { scopeNames, scopes } from '../../../../contracts/scopes.ts';
import type { ConnectedApp } from '../../auth/apps.ts';
import { shownScope } from '../../auth/roles.ts';
import { CountersignError } from '../../errors.ts';
import { appsPage } from '../../web/index.ts';
import { appsHref, signInHref } from '../../web/links.ts';
import type { AppProps, AppsProps } from '../../web/props.ts';
import { originOf } from '../origin.ts';
import { fieldsOf } from '../page-sessions.ts';
import type { PageParts } from './parts.ts';
import { forPeople, forTheirForm, type Visitor } from './visitor.ts';

const Whose = z.object({ person: z.string().min(1).max(500).optional().catch(undefined) });
const AppsQuery = Whose.extend({ disconnected: z.literal('1').optional().catch(undefined) });
const AppPath = z.object({ sessionId: z.string().max(200) });

/** The person whose apps are meant, unless it is the visitor. @throws access_denied */
const otherOf = ({ person, scopes: held }: Visitor, asked: string | undefined): string | undefined => {
  if (asked === undefined || asked === person.personId) return undefined;
  if (held.has('admin')) return asked;
  throw new CountersignError('access_denied', 'Only administrators see the apps of other people.');
};

const shown = ({ client, answersTo, scopes: granted, elevated, ...app }: ConnectedApp): AppProps => ({
  ...app,
  client,
  answersTo: answersTo.filter((host) => host !== client.host),
  scopes: granted.map(shownScope),
  elevated: elevated.map((some) => ({
    scopes: some.scopes.map(shownScope),
    until: new Date(some.until * 1000).toISOString(),
  })),
});

const ownerOf = async ({ people }: PageParts, personId: string): Promise<NonNullable<AppsProps['owner']>> => ({
  personId,
  // Nobody known any more may still have left a grant.
  name: (await people.find(personId))?.name ?? personId,
});

/** A widest scope covers the others: one link is enough where a role has it. */
const raisableBy = ({ scopes: held }: Visitor) => {
  const own = scopeNames.filter((name) => scopes[name].elevated && held.has(name));
  const covered = new Set<string>(own.flatMap((name) => scopes[name].implies));
  return own.filter((name) => !covered.has(name)).map(shownScope);
};

/** A form cannot be sent again after a sign-in: whoever is no longer signed in comes back to the list. */
const backToList =
  ({ pages }: PageParts): preValidationAsyncHookHandler =>
  async (request, reply) => {
    if (!(await pages.find(request))) return reply.redirect(signInHref(routes.apps.path), 303);
  };

export const addAppsPage = (scope: FastifyInstance, parts: PageParts): void => {
  scope.get(
    routes.apps.path,
    forPeople(parts, async (visitor, request) => {
      const query = AppsQuery.parse(request.query);
      const other = otherOf(visitor, query.person);
      const found = await parts.apps?.of(other ?? visitor.person.personId);
      return appsPage({
        ...visitor.frame,
        apps: (found?.apps ?? []).map(shown),
        more: found?.more ?? false,
        ...(other !== undefined && { owner: await ownerOf(parts, other) }),
        raisable: other === undefined ? raisableBy(visitor) : [],
        elsewhere: parts.apps === undefined,
        admin: visitor.scopes.has('admin'),
        ...(query.disconnected !== undefined && {
          notice: 'What is disconnected is not listed any more, and its tokens are refused within five seconds.',
        }),
      });
    }),
  );

  scope.post(routes.disconnect.path, {
    preValidation: backToList(parts),
    ...forTheirForm(parts, async (visitor, request, reply) => {
      const { sessionId } = AppPath.parse(request.params);
      const { personId } = visitor.person;
      const other = otherOf(visitor, Whose.parse(fieldsOf(request)).person);
      const by = { personId, origin: originOf(request) };
      if (!(await parts.apps?.disconnect(sessionId, other ?? personId, by)))
        throw new CountersignError('not_found', 'No such app is connected. It may have been disconnected already.');
      const list = appsHref(other);
      return reply.redirect(`${list}${list.includes('?') ? '&' : '?'}disconnected=1`, 303);
    }),
  });
};
