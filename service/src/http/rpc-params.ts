/**
 * Parameters of requests, held against the protocol's own schemas before the SDK sees them: it answers what does not fit
 * with the list of issues of its validator, and for most methods as an internal error.
 */
import { specTypeSchemas } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { classify, type LaneHeaders } from '../mcp/lane.ts';
import { isId, type Message, messagesOf } from './rpc-messages.ts';

const schemas = new Map(
  Object.entries({
    initialize: specTypeSchemas.InitializeRequest,
    ping: specTypeSchemas.PingRequest,
    'tools/list': specTypeSchemas.ListToolsRequest,
    'tools/call': specTypeSchemas.CallToolRequest,
    'resources/list': specTypeSchemas.ListResourcesRequest,
    'resources/templates/list': specTypeSchemas.ListResourceTemplatesRequest,
    'resources/read': specTypeSchemas.ReadResourceRequest,
    'prompts/list': specTypeSchemas.ListPromptsRequest,
    'prompts/get': specTypeSchemas.GetPromptRequest,
    'completion/complete': specTypeSchemas.CompleteRequest,
  }),
);

/** Of the 2025 revisions only; the next one has no such methods, and says so. */
const handshake: ReadonlySet<string> = new Set(['initialize', 'ping']);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withoutNull = (value: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null));

const plain = (message: unknown): unknown => {
  if (!isObject(message) || !('params' in message)) return message;
  const { params, ...rest } = message;
  if (params === null) return rest;
  return isObject(params) ? { ...rest, params: withoutNull(params) } : message;
};

/** The body with null taken for none, in `params` and in each of its members: what a host writes that has nothing to say. */
export const withoutNulls = (body: unknown): unknown => (Array.isArray(body) ? body.map(plain) : plain(body));

// The schemas are Zod's, whose issues say more than the standard's.
const Issue = z.looseObject({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number(), z.looseObject({ key: z.unknown() })])).default([]),
  get errors() {
    return z.array(z.array(Issue)).optional();
  },
});
type Issue = z.infer<typeof Issue>;

const sentence = ({ message }: Issue): string => {
  const [, wanted, given] = /expected (.+), received (\w+)$/.exec(message) ?? [];
  const named = wanted === 'record' ? 'object' : wanted;
  if (named === undefined) return message.replace(/^Invalid input: /, '');
  return given === 'undefined' ? `is required, as ${named}` : `must be ${named}, not ${given}`;
};

const fieldOf = (path: Issue['path']): string =>
  path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');

const told = (issue: Issue, above: Issue['path'] = []): string => {
  const path = [...above, ...issue.path];
  const [branch] = [...(issue.errors ?? [])].sort((one, other) => one.length - other.length);
  const [inner] = branch ?? [];
  return inner ? told(inner, path) : `${fieldOf(path)}: ${sentence(issue)}`;
};

/** What is wrong with one message's parameters. Other methods, and what is no request, are the SDK's to refuse. */
const problemOf = (message: Message, era: 'legacy' | 'modern'): string | undefined => {
  const { method, id } = message;
  const known = typeof method === 'string' && isId(id) && !(era === 'modern' && handshake.has(method));
  const schema = known ? schemas.get(method) : undefined;
  const { params } = message;
  // Not an object at all: no JSON-RPC message, which has a code of its own.
  if (!schema || (params !== undefined && !isObject(params))) return undefined;
  const result = schema['~standard'].validate(message);
  if (result instanceof Promise || !result.issues) return undefined;
  const issues = z
    .array(Issue)
    .parse(result.issues)
    .filter(({ path }) => path[0] === 'params');
  const words = issues.slice(0, 5).map((issue) => told(issue));
  return words.length === 0 ? undefined : `Invalid params for ${String(method)}: ${words.join('; ')}`;
};

// Of every request. The SDK takes a message for none at all when these do not fit.
const Meta = z.object({
  params: z.object({
    _meta: z.looseObject({ progressToken: z.union([z.string(), z.number()]).optional() }).optional(),
  }),
});

const metaProblem = (message: Message): string | undefined => {
  if (!isObject(message.params) || !isId(message.id)) return undefined;
  const issues = Meta.safeParse(message).error?.issues ?? [];
  const [issue] = z.array(Issue).parse(issues);
  return issue && `Invalid params for ${String(message.method)}: ${told(issue)}`;
};

/**
 * What is wrong with the parameters in a body, by field; of a batch, in which message. Headers and envelopes that do not
 * fit come first, and have answers of their own in the SDK.
 */
export const paramsProblem = (body: unknown, headers: LaneHeaders): string | undefined => {
  const { kind } = classify(body, headers);
  const problems = messagesOf(body).map(
    (message) => metaProblem(message) ?? (kind === 'reject' ? undefined : problemOf(message, kind)),
  );
  const at = problems.findIndex((problem) => problem !== undefined);
  if (at < 0) return undefined;
  return Array.isArray(body) ? `Message ${at + 1} of the batch: ${problems[at]}` : problems[at];
};
