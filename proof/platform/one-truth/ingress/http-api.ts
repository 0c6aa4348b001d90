/** An HTTP API with the stack's own routes, authorizer and integrations. */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { FunctionProcess } from '../../../../service/test/rigs/http-api.ts';
import { type Block, type Referred, referenceIn, type Stack } from '../stack.ts';
import { type Asked, answer, type Hop, type Outcome } from './hop.ts';

export interface HttpApiParts {
  /** Functions by name of their block. */
  readonly functions: ReadonlyMap<string, Pick<FunctionProcess, 'invoke'>>;
  /** What is at the other end of the VPC link, and the address it then is asked from. */
  readonly linked: (listener: Referred) => Hop;
  readonly linkAddress: string;
}

interface Route {
  readonly key: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly block: Block;
}

const routeOf = (block: Block): Route => {
  const key = z.string().parse(block.route_key);
  const [method = '', path = ''] = key.split(' ');
  return { key, method, segments: path.split('/').slice(1), block };
};

const fits = ({ method, segments }: Route, asked: Asked): boolean => {
  const given = asked.path.split('/').slice(1);
  const greedy = segments.at(-1) === '{proxy+}';
  if (method !== 'ANY' && method !== asked.method) return false;
  if (greedy ? given.length < segments.length : given.length !== segments.length) return false;
  return segments.every((segment, at) => segment.startsWith('{') || segment === given[at]);
};

/** The most specific wins, and a method before ANY. */
const rank = ({ method, segments }: Route): number =>
  segments.filter((segment) => segment.startsWith('{')).length * 10 +
  (segments.at(-1) === '{proxy+}' ? 100 : 0) +
  (method === 'ANY' ? 1 : 0);

const Decision = z.object({ isAuthorized: z.boolean(), context: z.record(z.string(), z.string()).default({}) });
type Context = z.infer<typeof Decision>['context'];

const Integration = z.object({
  integration_type: z.enum(['HTTP_PROXY', 'AWS_PROXY']),
  integration_uri: z.string(),
  request_parameters: z.record(z.string(), z.string()).default({}),
});

const parameter = (expression: string, asked: Asked, context: Context): string => {
  if (expression === '$context.identity.sourceIp') return asked.from;
  const fact = /^\$context\.authorizer\.(\w+)$/.exec(expression)?.[1];
  if (fact !== undefined) return context[fact] ?? '';
  if (expression.startsWith('$')) throw new Error(`nothing is known of ${expression}`);
  return expression;
};

/** What is sent through the link: X-Forwarded- headers become Forwarded, then the parameters have their say. */
const linkedHeaders = (parameters: Readonly<Record<string, string>>, asked: Asked, context: Context) => {
  const kept = Object.entries(asked.headers).filter(([name]) => !name.startsWith('x-forwarded-'));
  const headers: IncomingHttpHeaders = {
    ...Object.fromEntries(kept),
    forwarded: `for=${asked.from};host=${asked.host};proto=https`,
  };
  for (const [mapping, expression] of Object.entries(parameters)) {
    const [, verb, name = ''] = /^(overwrite|remove):header\.([\w-]+)$/.exec(mapping) ?? [];
    if (verb === undefined) throw new Error(`nothing is known of ${mapping}`);
    if (verb === 'remove') delete headers[name];
    else headers[name] = parameter(expression, asked, context);
  }
  return headers;
};

const integrate = async (
  stack: Stack,
  { linked, linkAddress, functions }: HttpApiParts,
  { block, key }: Route,
  asked: Asked,
  context: Context | undefined,
): Promise<Outcome> => {
  const { integration_type, integration_uri, request_parameters } = Integration.parse(stack.at(block.target).block);
  if (integration_type === 'AWS_PROXY') {
    const target = functions.get(functionOf(stack, integration_uri));
    if (target === undefined) return answer(500, '{"message":"Internal Server Error"}');
    const facts = { routeKey: key, sourceIp: asked.from, authorizer: context, headers: asked.headers };
    return { kind: 'invoke', function: target, facts };
  }
  const listener = stack.at(integration_uri);
  const headers = linkedHeaders(request_parameters, asked, context ?? {});
  const outcome = await linked(listener)({ ...asked, headers, from: linkAddress });
  return outcome.kind === 'pass' ? { ...outcome, renames: true } : outcome;
};

/** Name of the function's block behind an alias. */
export const functionOf = (stack: Stack, aliasUri: unknown): string =>
  referenceIn(stack.at(aliasUri).block.function_name).name;

/** What is known of the caller, nothing where the route asks for nobody; or how they are refused. */
const authorize = async (
  stack: Stack,
  { functions }: HttpApiParts,
  { block, key }: Route,
  asked: Asked,
): Promise<{ readonly context?: Context; readonly refused?: Outcome }> => {
  if (block.authorization_type === 'NONE') return {};
  const { block: authorizer } = stack.at(block.authorizer_id);
  for (const source of z.array(z.string()).parse(authorizer.identity_sources)) {
    const header = /^\$request\.header\.([\w-]+)$/.exec(source)?.[1]?.toLowerCase() ?? '';
    if (asked.headers[header] === undefined) return { refused: answer(401, '{"message":"Unauthorized"}') };
  }
  const event = { version: '2.0', type: 'REQUEST', routeKey: key, rawPath: asked.path, headers: asked.headers };
  const target = functions.get(functionOf(stack, authorizer.authorizer_uri));
  const { isAuthorized, context } = Decision.parse(await target?.invoke(event));
  return isAuthorized ? { context } : { refused: answer(403, '{"message":"Forbidden"}') };
};

export const httpApiHop = (stack: Stack, parts: HttpApiParts): Hop => {
  const routes = stack
    .all('aws_apigatewayv2_route')
    .map(([, block]) => routeOf(block))
    .sort((a, b) => rank(a) - rank(b));
  return async (asked) => {
    const route = routes.find((each) => fits(each, asked));
    if (route === undefined) return answer(404, '{"message":"Not Found"}');
    const { context, refused } = await authorize(stack, parts, route, asked);
    return refused ?? integrate(stack, parts, route, asked, context);
  };
};
