/**
 * Whose upstream credentials a call may use. Dispatch and pipeline make one for each call they run and end it afterwards, so
 * whoever keeps a call's context has nothing in hand. Packs hand it on with the context and cannot make one: they may not
 * import this file (.dependency-cruiser.json).
 */
import type { Identity } from './operations/same-human.ts';
import type { Origin } from './origin.ts';

/** What a call was granted. */
export interface Granted {
  /** The person for whom it runs: the caller, and of an operation its requester, whoever approved it. */
  readonly person: Identity;
  readonly tool: string;
  /** A header of this request may be the person's. */
  readonly origin: Origin;
}

export class CallAuthority {
  #granted: Granted | undefined;

  constructor(granted: Granted) {
    this.#granted = granted;
  }

  /** The call is over. */
  end(): void {
    this.#granted = undefined;
  }

  /** Undefined once the call is over, and for whatever only looks like an authority. */
  static granted(authority: unknown): Granted | undefined {
    return authority instanceof CallAuthority ? authority.#granted : undefined;
  }
}

/** Runs something with an authority of its own, which ends with it. */
export const withAuthority = async <T>(
  granted: Granted,
  work: (authority: CallAuthority) => Promise<T>,
): Promise<T> => {
  const authority = new CallAuthority(granted);
  try {
    return await work(authority);
  } finally {
    authority.end();
  }
};
