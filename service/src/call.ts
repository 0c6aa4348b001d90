import type { Logger } from 'pino';
import type { Caller } from './auth/caller.ts';

/** Something the service took for granted because the call did not say it. */
export interface Belief {
  readonly parameter: string;
  readonly assumed: unknown;
  readonly because: string;
  readonly alternatives?: readonly unknown[];
}

/** What caused something, as its audit records say: somebody's request, or the service's own upkeep. */
export type Origin =
  | { readonly kind: 'request'; readonly ipAddress?: string | undefined; readonly userAgent?: string | undefined }
  /** Nobody asked just then: a timer, or a task that goes on with what another left behind. */
  | { readonly kind: 'upkeep' };

/** The fields of an audit record that tell where it came from. */
export const originFields = (
  origin: Origin | undefined,
): { readonly ipAddress?: string; readonly userAgent?: string; readonly origin?: 'upkeep' } => {
  if (origin === undefined) return {};
  if (origin.kind === 'upkeep') return { origin: 'upkeep' };
  const { ipAddress, userAgent } = origin;
  return { ...(ipAddress === undefined ? {} : { ipAddress }), ...(userAgent === undefined ? {} : { userAgent }) };
};

/** What a running tool knows of its call. */
export interface CallContext {
  readonly caller: Caller;
  /** Follows the call from the token to every upstream request and audit record. */
  readonly correlationId: string;
  /** The protocol the call came by; recorded with decisions. */
  readonly via: 'mcp' | 'rest' | 'page';
  readonly origin: Origin;
  /** Aborted when the client goes away, cancels, or the tool's time is up. */
  readonly signal: AbortSignal;
  /** Tells the client how far it is; free to call where nobody listens. */
  readonly progress: (done: number, total: number, message?: string) => Promise<void>;
  readonly log: Logger;
  readonly now: () => Date;
  /** Records what was assumed in place of something the caller left out; audited and told in the result. */
  readonly assume: (belief: Belief) => void;
}
