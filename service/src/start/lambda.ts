/** The service as a Lambda function behind an HTTP API. Bundled by `npm run build`; the same parts as server.ts starts. */
import { stdout } from 'node:process';
import awsLambdaFastify from '@fastify/aws-lambda';
import { type Config, ConfigError, parseConfig } from '../config.ts';
import type { HttpApiEvent } from '../lambda/event.ts';
import { createHandler, type Handler, type HttpApiAnswer } from '../lambda/handler.ts';
import { withSecrets } from '../lambda/secrets.ts';
import { openLogger } from '../telemetry/logger.ts';
import { open } from './open.ts';

const openSecrets = async () => (await import('../lambda/secrets-manager.ts')).secretReader();

/** @throws ConfigError, StartError and the like: the function then fails to start, and says why in its log */
const openHandler = async (variables: Readonly<Record<string, string | undefined>>): Promise<Handler> => {
  const config: Config = parseConfig(await withSecrets(variables, openSecrets));
  if (config.STORE === 'embedded')
    throw new ConfigError([{ variable: 'STORE', problem: 'must be dynamodb or postgres in a function' }]);
  const service = await open(config, {
    // Written at once: between requests the process stands still.
    log: openLogger(config, { write: (line) => void stdout.write(line) }),
    // Only the HTTP API may call the function, and lambda/event.ts drops what clients say in its name.
    viaGateway: () => true,
    streams: false,
  });
  const proxy = awsLambdaFastify<HttpApiEvent>(service.app, {
    decorateRequest: false,
    parseCommaSeparatedQueryParams: false,
  });
  const run = (event: HttpApiEvent): Promise<HttpApiAnswer> => proxy(event, {} as Parameters<typeof proxy>[1]);
  return createHandler(service, config, run);
};

export const handler = await openHandler(process.env);
