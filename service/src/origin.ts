/**
 * Where something came from. It is made once, when a request arrives, and handed on whole: through dispatch, pipeline and
 * packs to every audit record (audit/event.ts).
 */
import type { IncomingMessage } from 'node:http';
import type { CallerFacts } from '../../contracts/gateway.ts';

/** How a request came. `oauth`: at the authorization server's own addresses. `webhook`: signed by its sender. */
export type Via = 'mcp' | 'rest' | 'page' | 'oauth' | 'webhook';

export interface RequestOrigin {
  readonly kind: 'request';
  readonly via: Via;
  /** The id that the service gave the request. It is answered, logged and audited. */
  readonly correlationId: string;
  /** What the caller called the request. Anybody may call theirs the same. */
  readonly callerRequestId?: string | undefined;
  readonly ipAddress?: string | undefined;
  readonly userAgent?: string | undefined;
  /** What API Gateway's authorizer found out about the caller. */
  readonly gateway?: CallerFacts | undefined;
}

/** Nobody asked just then: a timer, or a task that goes on with what another left behind. */
export interface UpkeepOrigin {
  readonly kind: 'upkeep';
  /** Of the request that it goes back to. */
  readonly correlationId: string;
}

export type Origin = RequestOrigin | UpkeepOrigin;

/** By the request itself, because that is all that libraries between the edge and our own code hand on. */
const origins = new WeakMap<IncomingMessage, RequestOrigin>();

/** For the edge, which makes it: http/origin.ts. */
export const keepOrigin = (message: IncomingMessage, origin: RequestOrigin): void => {
  origins.set(message, origin);
};

/** @throws Error for a request that did not come through the edge */
export const originOfMessage = (message: IncomingMessage): RequestOrigin => {
  const origin = origins.get(message);
  if (origin) return origin;
  throw new Error('a request has no origin: register addOrigins before its route');
};
