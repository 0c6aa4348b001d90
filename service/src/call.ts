import type { Logger } from 'pino';
import type { Caller } from './auth/caller.ts';
import type { CallAuthority } from './call-authority.ts';
import type { Origin } from './origin.ts';

/** Something the service took for granted because the call did not say it. */
export interface Belief {
  readonly parameter: string;
  readonly assumed: unknown;
  readonly because: string;
  readonly alternatives?: readonly unknown[];
}

/** What a running tool knows of its call. */
export interface CallContext {
  readonly caller: Caller;
  /** By which `credentials.of` knows whose credential the call may use. Without it, nobody's. */
  readonly authority?: CallAuthority;
  /** Follows the call from the edge to every audit record. */
  readonly origin: Origin;
  /** The operation that is being planned again or applied; absent where none is kept yet. */
  readonly operationId?: string;
  /** Aborted when the client goes away, cancels, or the tool's time is up. */
  readonly signal: AbortSignal;
  /** Tells the client how far it is; free to call where nobody listens. */
  readonly progress: (done: number, total: number, message?: string) => Promise<void>;
  readonly log: Logger;
  readonly now: () => Date;
  /** Records what was assumed in place of something the caller left out; audited and told in the result. */
  readonly assume: (belief: Belief) => void;
}
