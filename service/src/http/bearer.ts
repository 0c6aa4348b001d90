/** The bearer check of routes: who is calling, or the challenge that says how to become somebody. */
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { missingScopes, type Scope } from '../../../contracts/scopes.ts';
import { AuthError } from '../auth/auth-error.ts';
import type { Caller } from '../auth/caller.ts';
import { type Challenge, insufficientScopeChallenge, unauthorizedChallenge } from '../auth/challenge.ts';
import type { Config } from '../config.ts';
import type { Metrics } from '../metrics.ts';

export interface BearerParts {
  readonly config: Pick<Config, 'PUBLIC_URL'>;
  readonly metrics: Metrics;
  /** @throws AuthError */
  readonly verify: (authorization: string | undefined) => Promise<Caller>;
  /** The caller as of now: scopes may have been raised a moment ago. */
  readonly current: (caller: Caller) => Promise<Caller>;
  /** Told of every 403 for a missing scope, before it is answered. */
  readonly onStepUp: (caller: Caller, needed: readonly Scope[], request: FastifyRequest) => Promise<void>;
  /** Told of every caller before the body is read. @throws rate_limited */
  readonly admit: (caller: Caller, request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

export interface Bearer {
  /** Hook: a request without a good token is answered here and goes no further; its body is never read. */
  readonly authenticate: onRequestAsyncHookHandler;
  callerOf(request: FastifyRequest): Caller;
  /** Whether the caller lacks any of these scopes, looked at afresh before the answer is yes. */
  lacks(request: FastifyRequest, needed: readonly Scope[]): Promise<boolean>;
  /** Answers 403 with the scopes that are needed. */
  challenge(request: FastifyRequest, reply: FastifyReply, needed: readonly Scope[]): Promise<FastifyReply>;
}

const send = (reply: FastifyReply, { status, headers, body }: Challenge): FastifyReply =>
  reply.code(status).headers(headers).send(body);

export const createBearer = (parts: BearerParts): Bearer => {
  // Callers live beside the requests, not on them, so that no other plugin can put one there.
  const callers = new WeakMap<FastifyRequest, Caller>();
  const callerOf = (request: FastifyRequest): Caller => {
    const caller = callers.get(request);
    if (!caller) throw new Error('the route asks for a caller and has no bearer check');
    return caller;
  };
  return {
    authenticate: async (request, reply) => {
      try {
        const caller = await parts.verify(request.headers.authorization);
        callers.set(request, caller);
        await parts.admit(caller, request, reply);
      } catch (error) {
        if (!(error instanceof AuthError)) throw error;
        parts.metrics.count('AuthFailures', { Reason: error.reason });
        return send(reply, unauthorizedChallenge(error, parts.config));
      }
    },
    callerOf,
    lacks: async (request, needed) => {
      const caller = callerOf(request);
      if (missingScopes(caller.scopes, needed).length === 0) return false;
      const fresh = await parts.current(caller);
      callers.set(request, fresh);
      return missingScopes(fresh.scopes, needed).length > 0;
    },
    challenge: async (request, reply, needed) => {
      const caller = callerOf(request);
      parts.metrics.count('AuthFailures', { Reason: 'insufficient_scope' });
      await parts.onStepUp(caller, needed, request);
      return send(reply, insufficientScopeChallenge(caller, needed, parts.config));
    },
  };
};
