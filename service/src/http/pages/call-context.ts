/** What the pipeline needs to know of somebody who acts on a page. */
import type { FastifyRequest } from 'fastify';
import type { CallContext } from '../../call.ts';
import { originOf } from '../origin.ts';
import type { PageParts } from './parts.ts';
import type { Visitor } from './visitor.ts';

/** Milliseconds that a form may take; what was agreed to is applied without its page. */
const formMs = 30_000;

export const pageCallOf = (
  { person, scopes, authenticatedAt }: Visitor,
  request: FastifyRequest,
  parts: Pick<PageParts, 'freshSeconds' | 'log' | 'now'>,
): CallContext => ({
  caller: {
    ...person,
    clientId: 'approvals-page',
    grantId: '',
    scopes,
    authenticatedAt,
    expiresAt: authenticatedAt + parts.freshSeconds,
  },
  origin: originOf(request),
  signal: AbortSignal.timeout(formMs),
  progress: async () => {},
  log: parts.log.child({ correlationId: request.id }),
  now: parts.now,
  assume: () => {},
});
