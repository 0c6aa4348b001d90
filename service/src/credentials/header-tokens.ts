/** Access tokens that came with a request: beside it while it is served, and nowhere else. */
import { type Identity, isSamePerson } from '../operations/same-human.ts';
import type { Origin, RequestOrigin } from '../origin.ts';

interface Sent {
  readonly tokens: ReadonlyMap<string, string>;
  /** Who proved by the bearer token who they are. Until then the tokens are nobody's. */
  sender?: Identity;
}

// By the request's origin, which is handed on whole to whatever the request sets off. When that is done, nothing leads here.
const sent = new WeakMap<Origin, Sent>();

/** For the edge, which takes the headers off the request. @param tokens by the name of their header */
export const keepTokens = (origin: RequestOrigin, tokens: ReadonlyMap<string, string>): void => {
  if (tokens.size > 0) sent.set(origin, { tokens });
};

/** For the bearer check: from now on the request's tokens are this person's, and stay theirs. */
export const sentBy = (origin: RequestOrigin, sender: Identity): void => {
  const found = sent.get(origin);
  if (found !== undefined) found.sender ??= sender;
};

/** The token in this header, if the request was the person's own. */
export const tokenFrom = (origin: Origin, header: string, person: Identity): string | undefined => {
  const found = sent.get(origin);
  if (found?.sender === undefined || !isSamePerson(found.sender, person)) return undefined;
  return found.tokens.get(header);
};
