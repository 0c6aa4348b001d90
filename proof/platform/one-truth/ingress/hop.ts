/** A request on its way through what the stack puts before the service. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { passOn } from '../../../../service/test/rigs/balancer.ts';
import { type EventFacts, eventOf, type FunctionProcess, write } from '../../../../service/test/rigs/http-api.ts';

export interface Asked {
  /** Name it was called by on the way here; the Host header may say another. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Address of whoever asks. */
  readonly from: string;
}

/** What becomes of it. */
export type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'pass'; readonly origin: string; readonly headers: IncomingHttpHeaders; readonly renames: boolean }
  | { readonly kind: 'invoke'; readonly function: Pick<FunctionProcess, 'invoke'>; readonly facts: EventFacts };

export type Hop = (asked: Asked) => Promise<Outcome>;

export const answer = (status: number, body: string): Outcome => ({ kind: 'answer', status, body });

/** `/mcp/*` as CloudFront and load balancers mean it. */
export const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text);

/** X-Forwarded-For with one address more. */
export const forwarded = ({ headers, from }: Asked): IncomingHttpHeaders => ({
  ...headers,
  'x-forwarded-for': [headers['x-forwarded-for'], from].filter(Boolean).join(', '),
});

// An HTTP API renames it, so that a challenge is not seen by its client.
const rename = (raw: readonly string[]): string[] =>
  raw.map((text, at) =>
    at % 2 === 0 && text.toLowerCase() === 'www-authenticate' ? 'x-amzn-remapped-www-authenticate' : text,
  );

const carryOut = async (outcome: Outcome, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  switch (outcome.kind) {
    case 'answer':
      outgoing.writeHead(outcome.status, { 'content-type': 'application/json' }).end(outcome.body);
      return;
    case 'pass': {
      const { origin, headers, renames } = outcome;
      passOn(origin, incoming, outgoing, { headers, ...(renames && { answered: rename }) });
      return;
    }
    case 'invoke':
      write(outgoing, await outcome.function.invoke(await eventOf(incoming, outcome.facts)));
  }
};

/** Whoever these tests are, seen from the internet. */
export const visitor = '203.0.113.7';

/** Answers requests from the internet for a name. */
export const enter =
  (host: string, hop: Hop) =>
  (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method = 'GET', url = '/', headers } = incoming;
    hop({ host, method, path: url.split('?', 1)[0] ?? '/', headers, from: visitor })
      .then((outcome) => carryOut(outcome, incoming, outgoing))
      .catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
  };
