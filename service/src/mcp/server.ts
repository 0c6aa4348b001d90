/**
 * The protocol: one handler for the 2026-07-28 revision and the 2025 ones, stateless, over one surface. The SDK's
 * instance per request only has the handlers below attached; schemas and lists were made at start.
 */
import {
  type AuthInfo,
  createMcpHandler,
  type McpHttpHandler,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  type RequestStateCodec,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Logger } from 'pino';
import type { Caller } from '../auth/caller.ts';
import type { RequestOrigin } from '../origin.ts';
import { type Lane, openLane } from './lane.ts';
import { type StepUpNeeded, stepUpResult } from './step-up-needed.ts';
import type { RequestInfo, Surface } from './surface.ts';

export interface ProtocolParts {
  readonly surface: Surface;
  readonly version: string;
  /** Seals what a client carries between the rounds of one request. */
  readonly requestState: RequestStateCodec<unknown>;
  /** Whether answers may be streams. Where they are gathered before they are sent, one that does not end is never sent. */
  readonly streams: boolean;
  readonly log: Logger;
}

/** What the route knows of a request and hands through the SDK, which passes it on untouched. */
export interface RequestExtra extends Record<string, unknown> {
  readonly caller: Caller;
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal;
  /** Called when the answer is that the store is away, so that the route can answer 503. */
  readonly onStoreAway: () => void;
  /** The call is not made: its client cannot step up, and this is what to tell it. */
  readonly stepUp?: StepUpNeeded | undefined;
  readonly origin: RequestOrigin;
}

/** Wraps what the route knows into the SDK's form. The token itself stays with the route. */
export const authInfoOf = (extra: RequestExtra, resource: URL): AuthInfo => ({
  token: '',
  clientId: extra.caller.clientId,
  scopes: [...extra.caller.scopes],
  expiresAt: extra.caller.expiresAt,
  resource,
  extra,
});

const isExtra = (value: unknown): value is RequestExtra =>
  typeof value === 'object' && value !== null && 'caller' in value && 'origin' in value;

const extraOf = (mcp: ServerContext): RequestExtra => {
  const extra = mcp.http?.authInfo?.extra;
  if (!isExtra(extra)) throw new Error('an MCP request reached a handler without its caller');
  return extra;
};

const infoOf = (mcp: ServerContext, era: RequestInfo['era']): RequestInfo => {
  const { caller, origin, gone, onStoreAway } = extraOf(mcp);
  return { caller, origin, era, mcp, gone, onStoreAway };
};

/**
 * What is made at start and the same for everybody who may read it. Private: a shared proxy would hand one person's
 * answer to another. Only clients of 2026-07-28 are told.
 */
const hint = { ttlMs: 300_000, cacheScope: 'private' } as const;
const fixedLists = { 'tools/list': hint, 'prompts/list': hint, 'resources/templates/list': hint };

/** Both ways of one surface. */
export interface Protocol {
  readonly handler: McpHttpHandler;
  readonly lane: Lane;
}

export const openProtocol = async (parts: ProtocolParts): Promise<Protocol> => {
  const info = { name: 'countersign', title: 'Countersign', version: parts.version };
  const options = {
    capabilities: parts.surface.capabilities,
    instructions: parts.surface.instructions,
    requestState: { verify: parts.requestState.verify },
    cacheHints: fixedLists,
  };
  const handler = createMcpHandler(
    (context: McpRequestContext) => {
      const server = new Server(info, options);
      attach(server, parts, context.era);
      return server;
    },
    {
      onerror: (error) => parts.log.debug({ err: error }, 'mcp request refused'),
      ...(!parts.streams && { responseMode: 'json', maxSubscriptions: 0 }),
    },
  );
  const lane = await openLane(parts.surface, info, options, (server, era) => attach(server, parts, era));
  return { handler, lane };
};

const attach = (server: Server, parts: ProtocolParts, era: RequestInfo['era']): void => {
  const { surface } = parts;
  const { capabilities } = surface;
  const hide = hiding(parts);
  if (capabilities.tools) {
    server.setRequestHandler('tools/list', (request) => {
      const { items, nextCursor } = surface.listTools(request.params?.cursor);
      return nextCursor === undefined ? { tools: items } : { tools: items, nextCursor };
    });
    server.setRequestHandler('tools/call', (request, mcp) => {
      const { stepUp } = extraOf(mcp);
      if (stepUp) return stepUpResult(stepUp);
      return hide(surface.callTool(request.params.name, request.params.arguments, infoOf(mcp, era)));
    });
  }
  if (capabilities.resources) attachResources(server, surface, era, hide);
  if (capabilities.prompts) {
    server.setRequestHandler('prompts/list', () => ({ prompts: surface.listPrompts() }));
    server.setRequestHandler('prompts/get', (request, mcp) =>
      hide(surface.getPrompt(request.params.name, request.params.arguments ?? {}, infoOf(mcp, era))),
    );
  }
  if (capabilities.completions)
    server.setRequestHandler('completion/complete', (request, mcp) => {
      const { ref, argument } = request.params;
      const of = ref.type === 'ref/prompt' ? { prompt: ref.name } : { template: ref.uri };
      return hide(surface.complete(of, argument, infoOf(mcp, era)));
    });
};

const attachResources = (server: Server, surface: Surface, era: RequestInfo['era'], hide: Hide): void => {
  server.setRequestHandler('resources/list', async (request, mcp) => {
    const { items, nextCursor } = await hide(surface.listResources(request.params?.cursor, infoOf(mcp, era)));
    return nextCursor === undefined ? { resources: items } : { resources: items, nextCursor };
  });
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: surface.listResourceTemplates() }));
  server.setRequestHandler('resources/read', (request, mcp) =>
    hide(surface.readResource(request.params.uri, infoOf(mcp, era))),
  );
};

type Hide = <T>(work: Promise<T>) => Promise<T>;

/** The SDK sends the text of whatever is thrown to the client, so only errors meant for it may pass. */
const hiding = (parts: ProtocolParts): Hide => {
  return async (work) => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      parts.log.error({ err: error }, 'mcp handler failed');
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'Internal error');
    }
  };
};
