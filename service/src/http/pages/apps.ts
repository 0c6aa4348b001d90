/** The page that lists the apps a person connected, and the form that disconnects one. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { scopeNames, scopes } from '../../../../contracts/scopes.ts';
import type { ConnectedApp } from '../../auth/apps.ts';
import { shownScope } from '../../auth/roles.ts';
import { CountersignError } from '../../errors.ts';
import { appsPage } from '../../web/index.ts';
import { appsHref } from '../../web/links.ts';
import type { AppProps, AppsProps } from '../../web/props.ts';
import { originOf } from '../origin.ts';
import { fieldsOf } from '../page-sessions.ts';
import { shownAccounts } from './accounts.ts';
import type { PageParts } from './parts.ts';
import { forPeople, forTheirForm, type Visitor } from './visitor.ts';
import { backToList, otherOf, Whose } from './whose.ts';

const ofProvider = z.string().max(100).optional().catch(undefined);
const AppsQuery = Whose.extend({
  disconnected: z.literal('1').optional().catch(undefined),
  connected: ofProvider,
  ended: ofProvider,
  forgotten: ofProvider,
});
const AppPath = z.object({ sessionId: z.string().max(200) });

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

/** What was done before this page was shown. */
const noticeOf = (
  { disconnected, connected, ended, forgotten }: z.output<typeof AppsQuery>,
  { accounts }: Pick<PageParts, 'accounts'>,
): string | undefined => {
  if (disconnected !== undefined)
    return 'What is disconnected is not listed any more, and its tokens are refused within five seconds.';
  const titleOf = (name: string | undefined) => (name === undefined ? undefined : accounts?.provider(name)?.title);
  if (titleOf(connected)) return `Your account at ${titleOf(connected)} is connected.`;
  if (titleOf(ended))
    return `The account at ${titleOf(ended)} is disconnected, and ${titleOf(ended)} ended its access.`;
  if (titleOf(forgotten))
    return `The account at ${titleOf(forgotten)} is forgotten here and can no longer be used. ${titleOf(forgotten)} did not confirm that it ended the access: end it there too.`;
  return undefined;
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
        accounts: await shownAccounts(parts, visitor, other),
        admin: visitor.scopes.has('admin'),
        notice: noticeOf(query, parts),
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
