/** What a body of JSON-RPC holds, and what is wrong with it before any of it runs. */
import type { Scope } from '../../../contracts/scopes.ts';
import type { Caller } from '../auth/caller.ts';
import type { Surface } from '../mcp/surface.ts';

export interface Message {
  readonly method?: unknown;
  readonly id?: unknown;
  readonly params?: { readonly name?: unknown; readonly arguments?: unknown; readonly requestId?: unknown } | undefined;
}

/** Messages of one legacy batch; enough for a client that starts up, too few to hide a flood in one request. */
const MOST_MESSAGES = 20;
/** The revision that removed batches; one without a header is older. */
const NO_BATCHES = '2025-06-18';

export const messagesOf = (body: unknown): Message[] =>
  [body].flat().filter((m): m is Message => typeof m === 'object' && m !== null);

export const isId = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

/** The id to answer under: that of a single message. */
export const idOf = (body: unknown): string | number | null => {
  const [only] = Array.isArray(body) ? [] : messagesOf(body);
  return isId(only?.id) ? only.id : null;
};

export const scopesNeeded = async (
  surface: Surface,
  messages: readonly Message[],
  caller: Caller,
): Promise<Scope[]> => {
  const calls = messages.filter((message) => message.method === 'tools/call');
  const needed = await Promise.all(
    calls.map(({ params }) =>
      typeof params?.name === 'string' ? surface.scopesOf(params.name, params.arguments, caller) : [],
    ),
  );
  return [...new Set(needed.flat())];
};

/** What is wrong with a batch. @param revision the header MCP-Protocol-Version */
export const batchProblem = (body: unknown, revision: string | undefined): string | undefined => {
  if (!Array.isArray(body)) return undefined;
  const messages = messagesOf(body);
  // 2025-03-26, Lifecycle: the client must not make it part of a batch, because nothing may come before its answer.
  if (messages.some(({ method }) => method === 'initialize'))
    return 'initialize must not be in a batch: send it alone, then the rest';
  if (revision !== undefined && revision >= NO_BATCHES)
    return `Batches were removed from the protocol in ${NO_BATCHES}: send each message alone`;
  if (messages.length > MOST_MESSAGES) return `A batch may hold ${MOST_MESSAGES} messages`;
  const ids = messages.map(({ id }) => id).filter((id) => id !== undefined);
  // JSON-RPC 2.0, 4: the id tells which answer is whose; of two requests with one id, one would never be answered.
  return new Set(ids).size < ids.length ? 'Two messages of this batch have the same id' : undefined;
};
