/** Sends a request to a target over a connection that is kept, and its answer back as it comes. */
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Target } from './target.ts';

/** What became of it. A status of the balancer's own means that the target gave none. */
export interface Passed {
  readonly by: 'target' | 'balancer';
  readonly status: number;
  /** Milliseconds until the target began to answer. */
  readonly took: number;
}

/** RFC 9110 7.6.1: these are of one connection. */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade']);

const answered = (raw: readonly string[]): string[] =>
  raw.filter((_, index) => !hopByHop.has((raw[index - (index % 2)] ?? '').toLowerCase()));

const asked = ({ headers, socket }: IncomingMessage): Record<string, string | string[] | undefined> => {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
  const before = headers['x-forwarded-for'];
  const address = socket.remoteAddress ?? '';
  return {
    ...kept,
    'x-forwarded-for': before === undefined ? address : `${before}, ${address}`,
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(socket.localPort),
  };
};

/** Answers for the balancer itself, in HTML as the real one does. */
export const ownAnswer = (outgoing: ServerResponse, status: number): void => {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.writeHead(status, { 'content-type': 'text/html' });
  outgoing.end(`<html><head><title>${status}</title></head><body>${status}</body></html>`);
};

/** @param done called once: when the target begins to answer, or will not */
export const forward = (
  target: Target,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  done: (passed: Passed) => void,
): void => {
  const started = performance.now();
  let told = false;
  const tell = (by: Passed['by'], status: number): void => {
    if (told) return;
    told = true;
    done({ by, status, took: performance.now() - started });
  };
  const { method, url: path } = incoming;
  const { host, port, agent } = target;
  const onward = request({ host, port, method, path, agent, headers: asked(incoming) }, (answer) => {
    tell('target', answer.statusCode ?? 502);
    outgoing.writeHead(answer.statusCode ?? 502, answered(answer.rawHeaders));
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.on('error', () => outgoing.destroy());
  });
  const end = target.begin({
    cut: () => {
      // A client that waits for the end of a stream is not told that it will never come.
      if (!outgoing.headersSent) tell('balancer', 504);
      onward.destroy();
      outgoing.destroy();
    },
  });
  onward.on('error', () => {
    if (!outgoing.destroyed) tell('balancer', 502);
    ownAnswer(outgoing, 502);
  });
  outgoing.on('close', () => {
    end();
    onward.destroy();
  });
  incoming.pipe(onward);
};
