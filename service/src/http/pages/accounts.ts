/** Connecting an account at an upstream, the way back from there, and ending it. The list of them is on the page of apps. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { isScope } from '../../../../contracts/scopes.ts';
import type { Connecting } from '../../credentials/connect.ts';
import type { ConnectedAccounts, ShownAccount } from '../../credentials/index.ts';
import type { Provider } from '../../credentials/providers.ts';
import { CountersignError } from '../../errors.ts';
import { onwardPage } from '../../web/index.ts';
import { appsHref } from '../../web/links.ts';
import type { AccountProps } from '../../web/props.ts';
import { originOf } from '../origin.ts';
import { fieldsOf } from '../page-sessions.ts';
import type { PageParts } from './parts.ts';
import { forPeople, forTheirForm, type Visitor } from './visitor.ts';
import { backToList, otherOf, Whose } from './whose.ts';

const AccountPath = z.object({ provider: z.string().max(100) });

/** One field for each box that is ticked. */
const Choice = z.object({
  part: z
    .union([
      z
        .string()
        .max(100)
        .transform((one) => [one]),
      z.array(z.string().max(100)).max(50),
    ])
    .default([]),
});

const providerIn = (accounts: ConnectedAccounts, request: FastifyRequest): Provider => {
  const { provider } = AccountPath.parse(request.params);
  const found = accounts.provider(provider);
  if (found !== undefined) return found;
  throw new CountersignError('not_found', 'There is no such provider to connect an account of.');
};

/** Whether the person may use any tool that would act with the account. */
const mayUse = ({ tools }: Provider, { scopes }: Visitor): boolean =>
  [...tools.values()].some((scope) => isScope(scope) && scopes.has(scope));

const connecting = ({ person, csrfToken }: Visitor, request: FastifyRequest): Connecting => ({
  person,
  csrfToken,
  origin: originOf(request),
});

/** What a person sees of their accounts: what they have, and what a tool of theirs could use. */
export const shownAccounts = async (
  { accounts, people }: Pick<PageParts, 'accounts' | 'people'>,
  visitor: Visitor,
  other: string | undefined,
): Promise<readonly AccountProps[]> => {
  if (accounts === undefined) return [];
  const person = other === undefined ? visitor.person : await people.find(other);
  if (person === undefined) return [];
  const connectable = ({ provider: name }: ShownAccount): boolean => {
    const provider = accounts.provider(name);
    return other === undefined && provider !== undefined && mayUse(provider, visitor);
  };
  return (await accounts.of(person))
    .map((account) => ({ ...account, connectable: connectable(account) }))
    .filter(({ connectable: may, connected }) => may || connected !== undefined);
};

export const addAccountRoutes = (scope: FastifyInstance, parts: PageParts): void => {
  const { accounts, people } = parts;
  if (accounts === undefined) return;
  scope.post(routes.connectAccount.path, {
    preValidation: backToList(parts),
    ...forTheirForm(parts, async (visitor, request, reply) => {
      const provider = providerIn(accounts, request);
      if (!mayUse(provider, visitor))
        throw new CountersignError('access_denied', 'None of your roles uses an account of this provider.');
      const href = await accounts.begin(provider, connecting(visitor, request), Choice.parse(fieldsOf(request)).part);
      // Not a redirect: browsers hold each hop after a form against form-action.
      reply.header('refresh', `0; url=${href}`);
      return onwardPage({ ...visitor.frame, href, to: provider.title });
    }),
  });

  scope.get(
    routes.accountConnected.path,
    forPeople(parts, async (visitor, request, reply) => {
      const provider = providerIn(accounts, request);
      await accounts.finish(provider, request.url.split('?')[1] ?? '', connecting(visitor, request));
      return reply.redirect(`${appsHref()}?connected=${encodeURIComponent(provider.name)}`, 303);
    }),
  );

  scope.post(routes.disconnectAccount.path, {
    preValidation: backToList(parts),
    ...forTheirForm(parts, async (visitor, request, reply) => {
      const provider = providerIn(accounts, request);
      const other = otherOf(visitor, Whose.parse(fieldsOf(request)).person);
      const person = other === undefined ? visitor.person : await people.find(other);
      const done = person && (await accounts.disconnect(provider, person, connecting(visitor, request)));
      if (done === undefined)
        throw new CountersignError('not_found', 'No such account is connected. It may have been disconnected already.');
      const list = appsHref(other);
      const told = `${done.ended ? 'ended' : 'forgotten'}=${encodeURIComponent(provider.name)}`;
      return reply.redirect(`${list}${list.includes('?') ? '&' : '?'}${told}`, 303);
    }),
  });
};
