/**
 * For tests: Lambda before moto, which keeps functions, versions and aliases. What moto does not do is done here by the shapes
 * of the API reference: the RevisionId of an alias, executions that are kept warm, and invocations.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const Update = z.looseObject({
  FunctionVersion: z.string().optional(),
  RoutingConfig: z.looseObject({ AdditionalVersionWeights: z.record(z.string(), z.number()).default({}) }).optional(),
  RevisionId: z.string().optional(),
});
const Put = z.object({ ProvisionedConcurrentExecutions: z.int().min(1) });

export interface LambdaStandIn {
  readonly url: string;
  /** Executions kept warm, by version. */
  readonly warm: Readonly<Record<string, number>>;
  /** What changed an alias or a version, in its order. */
  readonly changes: readonly string[];
  close(): Promise<void>;
}

export interface StandInParts {
  /** moto's address. */
  readonly behind: () => string;
  /** What a version returns to an event, or throws. */
  readonly invoke: (version: string, event: unknown) => Promise<unknown>;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, name: string, message: string) {
    super(message);
    this.status = status;
    this.name = name;
  }
}

export const serveLambda = async ({ behind, invoke }: StandInParts): Promise<LambdaStandIn> => {
  const warm: Record<string, number> = {};
  const changes: string[] = [];
  let revision = 1;

  const forward = async (request: IncomingMessage, body: string, path = request.url ?? ''): Promise<Response> => {
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const { method = 'GET' } = request;
    const sent = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    return fetch(`${behind()}${path}`, { method, headers: sent, ...(body !== '' && { body }) });
  };

  const update = async (request: IncomingMessage, body: string, functionPath: string): Promise<void> => {
    const { FunctionVersion = '', RoutingConfig, RevisionId } = Update.parse(JSON.parse(body));
    if (RevisionId !== undefined && RevisionId !== `revision-${revision}`)
      throw new Refusal(
        412,
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id.',
      );
    const others = RoutingConfig?.AdditionalVersionWeights ?? {};
    request.method = 'GET';
    for (const version of [FunctionVersion, ...Object.keys(others)]) {
      const found = await forward(request, '', `${functionPath}/configuration?Qualifier=${version}`);
      if (found.status !== 200) throw new Refusal(404, 'ResourceNotFoundException', `Function not found: ${version}`);
    }
    request.method = 'PUT';
    changes.push(`${FunctionVersion} ${JSON.stringify(others)}`);
    revision += 1;
  };

  const provisioned = (request: IncomingMessage, body: string, version: string): object => {
    if (request.method === 'PUT') {
      warm[version] = Put.parse(JSON.parse(body)).ProvisionedConcurrentExecutions;
      changes.push(`warm ${version} ${warm[version]}`);
    }
    const executions = warm[version];
    if (executions === undefined)
      throw new Refusal(
        404,
        'ProvisionedConcurrencyConfigNotFoundException',
        'No Provisioned Concurrency Config found',
      );
    if (request.method === 'DELETE') {
      delete warm[version];
      changes.push(`cold ${version}`);
    }
    return {
      RequestedProvisionedConcurrentExecutions: executions,
      AvailableProvisionedConcurrentExecutions: executions,
      AllocatedProvisionedConcurrentExecutions: executions,
      Status: 'READY',
    };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const body = await text(request);
    const url = new URL(request.url ?? '/', 'http://lambda');
    const version = url.searchParams.get('Qualifier') ?? '$LATEST';
    const json = (status: number, value: unknown, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
    if (url.pathname.endsWith('/provisioned-concurrency')) return json(200, provisioned(request, body, version));
    if (url.pathname.endsWith('/invocations')) {
      const executed = { 'x-amz-executed-version': version };
      const given: unknown = JSON.parse(body);
      return invoke(version, given).then(
        (value) => json(200, value, executed),
        ({ name, message }: Error) =>
          json(200, { errorType: name, errorMessage: message }, { ...executed, 'x-amz-function-error': 'Unhandled' }),
      );
    }
    const isAlias = url.pathname.includes('/aliases/');
    if (isAlias && request.method === 'PUT') await update(request, body, url.pathname.replace(/\/aliases\/.*/, ''));
    const told = await forward(request, body);
    const said = await told.text();
    if (isAlias && told.ok) return json(told.status, { ...JSON.parse(said), RevisionId: `revision-${revision}` });
    const kept = [...told.headers].filter(([name]) => /^(content-type|x-amzn-errortype)$/.test(name));
    return response.writeHead(told.status, Object.fromEntries(kept)).end(said);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      const status = error instanceof Refusal ? error.status : 500;
      response
        .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': error.name })
        .end(JSON.stringify({ message: error.message }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    warm,
    changes,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
