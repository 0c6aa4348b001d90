/** Whose apps and accounts a page or a form of them is about. */
import type { preValidationAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { CountersignError } from '../../errors.ts';
import { signInHref } from '../../web/links.ts';
import type { PageParts } from './parts.ts';
import type { Visitor } from './visitor.ts';

export const Whose = z.object({ person: z.string().min(1).max(500).optional().catch(undefined) });

/** The person whose apps are meant, unless it is the visitor. @throws access_denied */
export const otherOf = ({ person, scopes: held }: Visitor, asked: string | undefined): string | undefined => {
  if (asked === undefined || asked === person.personId) return undefined;
  if (held.has('admin')) return asked;
  throw new CountersignError('access_denied', 'Only administrators see the apps of other people.');
};

/** A form cannot be sent again after a sign-in: whoever is no longer signed in comes back to the list. */
export const backToList =
  ({ pages }: PageParts): preValidationAsyncHookHandler =>
  async (request, reply) => {
    if (!(await pages.find(request))) return reply.redirect(signInHref(routes.apps.path), 303);
  };
