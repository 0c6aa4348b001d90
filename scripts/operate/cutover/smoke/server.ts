/** For tests: a version of the service behind its preview header, as far as the smoke test calls it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';

/** What it answers; a test changes one of them. */
export interface Manners {
  version: string;
  colour: string | undefined;
  status: string;
  resource: string;
  challenge: Readonly<Record<string, string>>;
  tools: readonly object[];
  /** What a tool call answers. */
  call: (name: string, args: Readonly<Record<string, unknown>>) => object;
  /** Called for each request. */
  seen: (request: IncomingMessage) => void;
}

const Message = z.object({
  method: z.string(),
  params: z
    .looseObject({ name: z.string().default(''), arguments: z.record(z.string(), z.unknown()).default({}) })
    .prefault({}),
});

const result = ({ method, params }: z.infer<typeof Message>, manners: Manners): object => {
  switch (method) {
    case 'initialize':
      return { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: manners.version } };
    case 'server/discover':
      return { supportedVersions: ['2026-07-28'] };
    case 'tools/list':
      return { tools: manners.tools };
    default:
      return manners.call(params.name, params.arguments);
  }
};

export const goodManners = (resource: string): Manners => {
  const takes = (...properties: string[]) => ({
    type: 'object',
    properties: Object.fromEntries(properties.map((name) => [name, {}])),
  });
  return {
    version: '2.0.0',
    colour: 'green',
    status: 'healthy',
    resource,
    challenge: { 'www-authenticate': 'Bearer resource_metadata="x"' },
    tools: [
      {
        name: 'tag',
        inputSchema: { ...takes('arn', 'dry_run'), required: ['arn'] },
        annotations: { readOnlyHint: false },
      },
      { name: 'list_pending_operations', inputSchema: takes('dry_run'), annotations: { readOnlyHint: true } },
    ],
    call: (name, args) => ({
      content: [{ type: 'text', text: name }],
      structuredContent: args.dry_run === true ? { dry_run: true, tool: name } : { operations: [] },
    }),
    seen: () => {},
  };
};

const json = (response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

const answer = async (manners: Manners, request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
  manners.seen(request);
  const { status, version, colour, resource, challenge } = manners;
  if (request.url === routes.health.path) return json(response, 200, { status, version, colour });
  if (request.url === routes.ready.path) return json(response, 200, { ready: true, reasons: [] });
  if (request.url === routes.resourceMetadataForMcp.path)
    return json(response, 200, { resource, authorization_servers: ['https://issuer.example.com'] });
  if (request.headers.authorization === undefined) return json(response, 401, { error: 'invalid_token' }, challenge);
  const message = Message.parse(JSON.parse(await text(request)));
  return json(response, 200, { jsonrpc: '2.0', id: 1, result: result(message, manners) });
};

export const serveManners = async (manners: Manners): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const server = createServer((request, response) => void answer(manners, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
