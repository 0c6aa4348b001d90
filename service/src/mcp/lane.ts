/**
 * The short way for the commonest request: one tools/call that answers in one go. One SDK server an era stays connected
 * to the transport below and serves all of them, so nothing is built for a request and nothing is streamed. Whatever is
 * not exactly such a request takes the SDK's own handler, which also words every refusal.
 */
import {
  type AuthInfo,
  classifyInboundRequest,
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type MessageExtraInfo,
  Server,
  type ServerOptions,
  type Transport,
} from '@modelcontextprotocol/server';
import type { RequestInfo, Surface } from './surface.ts';

/** The headers of a request that say which protocol it speaks. */
export interface LaneHeaders {
  readonly protocolVersion: string | undefined;
  readonly method: string | undefined;
  readonly name: string | undefined;
}

export interface Lane {
  /** The answer as JSON text, or undefined when the request has to go the long way. */
  take(body: unknown, headers: LaneHeaders, authInfo: AuthInfo): Promise<string | undefined>;
}

const MODERN = '2026-07-28';

/** Requests of many clients over one connection: each gets an id of its own while it is under way. */
class SharedTransport implements Transport {
  readonly #open = new Map<number, { readonly id: JSONRPCRequest['id']; readonly answer: (text: string) => void }>();
  #next = 1;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;

  async start(): Promise<void> {}

  async close(): Promise<void> {
    this.onclose?.();
  }

  /** Hands a request in and resolves with its answer, under the id its client gave. */
  ask(request: JSONRPCRequest, extra: MessageExtraInfo): Promise<string> {
    const id = this.#next++;
    return new Promise((answer) => {
      this.#open.set(id, { id: request.id, answer });
      this.onmessage?.({ ...request, id }, extra);
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    // Nothing here has a progress token, so there is nobody to tell anything but the answer.
    if (!isJSONRPCResultResponse(message) && !isJSONRPCErrorResponse(message)) return;
    const asked = this.#open.get(Number(message.id));
    this.#open.delete(Number(message.id));
    asked?.answer(JSON.stringify({ ...message, id: asked.id }));
  }
}

/** A server that speaks 2026-07-28 from the start; the SDK otherwise sets this anew on an instance per request. */
class ModernServer extends Server {
  protected override _negotiatedProtocolVersion = MODERN;
}

type Attach = (server: Server, era: RequestInfo['era']) => void;

/** @param attach puts the surface's handlers on a server; the same that the long way uses */
export const openLane = async (
  surface: Surface,
  info: { readonly name: string; readonly version: string },
  options: ServerOptions,
  attach: Attach,
): Promise<Lane> => {
  const connect = async (server: Server, era: RequestInfo['era']): Promise<SharedTransport> => {
    attach(server, era);
    const transport = new SharedTransport();
    await server.connect(transport);
    return transport;
  };
  const legacy = await connect(new Server(info, options), 'legacy');
  const modern = await connect(new ModernServer(info, options), 'modern');
  return {
    take: async (body, headers, authInfo) => {
      const request = plainCall(body, surface);
      if (!request) return undefined;
      const outcome = classify(body, headers);
      if (outcome.kind === 'legacy')
        return known(headers.protocolVersion) ? legacy.ask(request, { authInfo }) : undefined;
      if (outcome.kind !== 'modern' || outcome.classification.revision !== MODERN) return undefined;
      const agrees =
        headers.protocolVersion === MODERN && headers.method === 'tools/call' && headers.name === request.params?.name;
      return agrees ? modern.ask(request, { authInfo, classification: outcome.classification }) : undefined;
    },
  };
};

/** Which era a body belongs to, or why it is of neither. */
export const classify = (body: unknown, headers: LaneHeaders) =>
  classifyInboundRequest({
    httpMethod: 'POST',
    body,
    ...(headers.protocolVersion === undefined ? {} : { protocolVersionHeader: headers.protocolVersion }),
    ...(headers.method === undefined ? {} : { mcpMethodHeader: headers.method }),
    ...(headers.name === undefined ? {} : { mcpNameHeader: headers.name }),
  });

/** Revisions the legacy way answers without a word; any other is refused by the SDK's handler. */
const known = (version: string | undefined): boolean =>
  version === undefined || ['2025-03-26', '2025-06-18', '2025-11-25'].includes(version);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body, if it is one call of a plain tool that asks for no progress and answers no question. */
const plainCall = (body: unknown, surface: Surface): JSONRPCRequest | undefined => {
  if (!isObject(body) || body.jsonrpc !== '2.0' || body.method !== 'tools/call' || !isObject(body.params))
    return undefined;
  const { id, params } = body;
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  if (typeof params.name !== 'string' || !surface.isPlain(params.name)) return undefined;
  if (isObject(params._meta) && params._meta.progressToken !== undefined) return undefined;
  if (params.inputResponses !== undefined || params.requestState !== undefined || params.task !== undefined)
    return undefined;
  return { jsonrpc: '2.0', id, method: 'tools/call', params };
};
