/** Requests as bytes on the wire, for what no well-behaved client sends. */
import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Sent {
  readonly method?: string;
  /** Beside Host, which is the origin's own unless named here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it stands; anything else as JSON. */
  readonly body?: unknown;
  /** Sent in chunks, without telling their length beforehand. */
  readonly chunked?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON of the body, or of the last event of a stream; undefined where it is neither. */
  readonly json: unknown;
}

const jsonOf = (body: string): unknown => {
  const events = body.split('\n').filter((line) => line.startsWith('data: '));
  try {
    // The answer is the last event; on a busy machine progress comes before it.
    return JSON.parse(events.at(-1)?.slice('data: '.length) ?? body);
  } catch {
    return undefined;
  }
};

const bytesOf = (body: unknown): string | undefined =>
  body === undefined || typeof body === 'string' ? body : JSON.stringify(body);

const ask = (url: URL, { method = 'POST', headers = {}, body, chunked = false }: Sent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const bytes = bytesOf(body);
    const length = bytes === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(bytes)) };
    const asked = request(url, { method, headers: { ...length, ...headers }, agent: false }, (response) => {
      const { statusCode = 0, headers: answered } = response;
      text(response).then(
        (read) => resolve({ status: statusCode, headers: answered, text: read, json: jsonOf(read) }),
        reject,
      );
    });
    // A body that is refused while it is being sent breaks the connection after the answer.
    asked.on('error', reject);
    asked.end(bytes);
  });

/** One request on a connection of its own. */
export const send = (origin: string, path: string, sent: Sent = {}): Promise<Answer> =>
  ask(new URL(path, origin), sent);

/** Looks into an answer step by step; undefined where the way ends. */
export const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );

export interface ToolError {
  readonly code: unknown;
  readonly message: unknown;
  readonly details: unknown;
}

/** The refusal in a tool's result; undefined when the tool answered. */
export const toolErrorOf = ({ json }: Pick<Answer, 'json'>): ToolError | undefined => {
  if (at(json, 'result', 'isError') !== true) return undefined;
  const { error } = JSON.parse(String(at(json, 'result', 'content', 0, 'text'))) as { error: ToolError };
  return error;
};

const both = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** Somebody with a token, or with whatever else they put into the header. */
export class Caller {
  readonly origin: string;
  readonly #authorization: Readonly<Record<string, string>>;

  constructor(origin: string, token: string | undefined) {
    this.origin = origin;
    this.#authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** Posts a JSON-RPC message, or any text, to /mcp. */
  mcp(message: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return send(this.origin, '/mcp', { headers: { ...this.#authorization, ...both, ...headers }, body: message });
  }

  /** A method of the protocol, as clients of 2025 call it. */
  rpc(method: string, params: unknown = {}): Promise<Answer> {
    return this.mcp({ jsonrpc: '2.0', id: 1, method, params });
  }

  tool(name: string, args: unknown = {}): Promise<Answer> {
    return this.rpc('tools/call', { name, arguments: args });
  }

  /** A request to the REST facade. */
  rest(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const headers = { ...this.#authorization, ...(body !== undefined && { 'content-type': 'application/json' }) };
    return send(this.origin, path, { method, headers, body });
  }

  /** A tool through the REST facade. */
  execute(tool: string, params: unknown = {}): Promise<Answer> {
    return this.rest('POST', '/mcp/execute-tool', { tool, params });
  }

  /** Arguments that approve an operation as it is planned now: the hash of its plan is one of them. */
  async approval(operationId: unknown): Promise<{ request_id: unknown; action: 'approve'; approval_hash: unknown }> {
    const read = await this.execute('get_operation', { operation_id: operationId });
    return { request_id: operationId, action: 'approve', approval_hash: at(read.json, 'result', 'approval_hash') };
  }
}
