/** The new variant as the smoke test reaches it: by the public address with the header that leads to it, or past it. */
import { z } from 'zod';
import { previewHeader, previewValue } from '../../../../contracts/preview.ts';
import { routes } from '../../../../contracts/routes.ts';
import { SmokeFailed } from '../ports.ts';
import { type Answered, type Asked, ask } from './http.ts';

/** Where signed-in calls get their token: a variable, because arguments are seen by every process of the machine. */
export const TOKEN_VARIABLE = 'COUNTERSIGN_SMOKE_TOKEN';
export interface Target {
  /** Origin that clients type. */
  readonly url: string;
  readonly at?: string | undefined;
  /** What leads to a colour in the preview header. */
  readonly secret?: string | undefined;
  /** Another way to a variant than the address: what answers is then certainly of that variant. */
  readonly ask?: ((variant: string, asked: Asked) => Promise<Answered>) | undefined;
  /** Path that the load balancer asks too. */
  readonly healthPath: string;
  /** A token that signed-in calls carry; undefined: there are none. */
  readonly token?: string | undefined;
  /** Further headers of signed-in calls, such as the key of an HTTP API. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** @throws SmokeFailed where nothing answers; never with the secret */
export const send = async (target: Target, variant: string, path: string, sent: Sent = {}): Promise<Answered> => {
  const { method = 'GET', headers = {}, body } = sent;
  const { secret, ask: askIt = (_, asked) => ask(asked) } = target;
  try {
    return await askIt(variant, {
      url: new URL(path, target.url).href,
      at: target.at,
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...(secret !== undefined && { [previewHeader]: previewValue(variant, secret) }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw new SmokeFailed(`${path} of ${variant} does not answer: ${error instanceof Error ? error.message : error}`);
  }
};

/** The body as JSON. @throws SmokeFailed */
export const parse = <T>(schema: z.ZodType<T>, { status, body }: Answered, what: string): T => {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new SmokeFailed(`${what} answered ${status} and no JSON`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new SmokeFailed(`${what} answered ${status}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

const Reply = z.looseObject({
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

const revisions = { initialize: '2025-11-25', modern: '2026-07-28' } as const;

/** Headers and _meta of a request in the revision without sessions. */
const modern = (method: string, params: Readonly<Record<string, unknown>>) => ({
  headers: {
    'mcp-protocol-version': revisions.modern,
    'mcp-method': method,
    ...(typeof params.name === 'string' && { 'mcp-name': params.name }),
  },
  params: {
    ...params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': revisions.modern,
      'io.modelcontextprotocol/clientInfo': client,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});

const client = { name: 'countersign-cutover', version: '1' } as const;

/** Parameters of the first request of the revisions before. */
export const initializing = { protocolVersion: revisions.initialize, capabilities: {}, clientInfo: client } as const;

/** A JSON-RPC request to /mcp, signed in. @throws SmokeFailed where it is answered by an error */
export const call = async <T>(
  target: Target,
  variant: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
  schema: z.ZodType<T>,
  era: 'initialize' | 'modern' = 'initialize',
): Promise<T> => {
  const what = `${method}${typeof params.name === 'string' ? ` of ${params.name}` : ''}`;
  const made = era === 'modern' ? modern(method, params) : { headers: {}, params };
  const versioned = method === 'initialize' ? {} : { 'mcp-protocol-version': revisions[era] };
  const answer = await send(target, variant, routes.mcp.path, {
    method: 'POST',
    headers: { ...versioned, ...made.headers, ...target.headers, authorization: `Bearer ${target.token}` },
    body: { jsonrpc: '2.0', id: 1, method, params: made.params },
  });
  const { result, error } = parse(Reply, answer, what);
  if (answer.status !== 200 || error !== undefined)
    throw new SmokeFailed(`${what} answered ${answer.status}: ${error?.message ?? answer.body.slice(0, 200)}`);
  const parsed = schema.safeParse(result);
  if (!parsed.success) throw new SmokeFailed(`${what}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
};
