/** The bearer check of routes: who is calling, or the challenge that says how to become somebody. */
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { missingScopes, type Scope } from '../../../contracts/scopes.ts';
import { AuthError } from '../auth/auth-error.ts';
import type { Caller } from '../auth/caller.ts';
import {
  type Challenge,
  forbiddenScopes,
  insufficientScopeChallenge,
  namedScopes,
  stepUpUrl,
  unauthorizedChallenge,
} from '../auth/challenge.ts';
import type { RefusedCall, StepUps } from '../auth/step-ups.ts';
import type { Config } from '../config.ts';
import type { StepUpNeeded } from '../mcp/step-up-needed.ts';
import { ownOrigin } from '../own-origin.ts';
import type { Metrics } from '../ports/metrics.ts';

export interface BearerParts {
  readonly config: Pick<Config, 'PUBLIC_URL' | 'ORIGINS' | 'TOOL_PACKS'>;
  readonly metrics: Metrics;
  /** @throws AuthError */
  readonly verify: (authorization: string | undefined) => Promise<Caller>;
  /** The caller as of now: scopes may have been raised a moment ago. */
  readonly current: (caller: Caller) => Promise<Caller>;
  /** Told of every refusal for a missing scope, before it is answered. */
  readonly onRefused: (refusal: ScopeRefusal, request: FastifyRequest) => Promise<void>;
  /** Whether the same call was challenged a moment ago and nothing came of it. */
  readonly askedBefore: StepUps['askedBefore'];
  /** Told of every caller before the body is read. @throws rate_limited */
  readonly admit: (caller: Caller, request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

/** A call that lacks a scope, and what is done about it. */
export interface ScopeRefusal {
  readonly caller: Caller;
  readonly needed: readonly Scope[];
  /** challenge: the client may step up. link: it did not, so its person is told where. denied: their roles forbid it. */
  readonly way: 'challenge' | 'link' | 'denied';
}

const reasons = { challenge: 'insufficient_scope', link: 'step_up_link', denied: 'access_denied' } as const;

export interface Bearer {
  /** Hook: a request without a good token is answered here and goes no further; its body is never read. */
  readonly authenticate: onRequestAsyncHookHandler;
  callerOf(request: FastifyRequest): Caller;
  /** Whether the caller lacks any of these scopes, looked at afresh before the answer is yes. */
  lacks(request: FastifyRequest, needed: readonly Scope[]): Promise<boolean>;
  /**
   * What to say to a client that was challenged for this call a moment ago and calls again with the scopes it had: it
   * cannot step up, so the page is named where its person can. Undefined where a challenge is right.
   */
  wayOut(request: FastifyRequest, needed: readonly Scope[], call: Call): Promise<StepUpNeeded | undefined>;
  /** Answers 403 with the scopes that are needed, or because the person can never have them. */
  challenge(request: FastifyRequest, reply: FastifyReply, needed: readonly Scope[]): Promise<FastifyReply>;
}

type Call = Pick<RefusedCall, 'tool' | 'revision'>;

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
  const refuse = async (request: FastifyRequest, refusal: ScopeRefusal) => {
    parts.metrics.count('AuthFailures', { Reason: reasons[refusal.way] });
    await parts.onRefused(refusal, request);
  };
  const configFor = ({ headers }: FastifyRequest) => ({
    ...parts.config,
    asked: ownOrigin(parts.config, headers.host),
  });
  return {
    authenticate: async (request, reply) => {
      try {
        const caller = await parts.verify(request.headers.authorization);
        callers.set(request, caller);
        await parts.admit(caller, request, reply);
      } catch (error) {
        if (!(error instanceof AuthError)) throw error;
        parts.metrics.count('AuthFailures', { Reason: error.reason });
        return send(reply, unauthorizedChallenge(error, configFor(request)));
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
    wayOut: async (request, needed, call) => {
      const caller = callerOf(request);
      if (forbiddenScopes(caller, needed, parts.config.TOOL_PACKS).length > 0) return undefined;
      const { grantId, scopes } = caller;
      if (!(await parts.askedBefore({ grantId, scopes, ...call }))) return undefined;
      await refuse(request, { caller, needed, way: 'link' });
      const missing = namedScopes(caller, missingScopes(scopes, needed), parts.config.TOOL_PACKS);
      return { missing, url: stepUpUrl(caller.clientId, missing, parts.config) };
    },
    challenge: async (request, reply, needed) => {
      const caller = callerOf(request);
      const way = forbiddenScopes(caller, needed, parts.config.TOOL_PACKS).length > 0 ? 'denied' : 'challenge';
      await refuse(request, { caller, needed, way });
      return send(reply, insufficientScopeChallenge(caller, needed, configFor(request)));
    },
  };
};
