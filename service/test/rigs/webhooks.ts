/** An application that serves webhooks and nothing else, as the service registers them. */
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import pino from 'pino';
import { addAddressLimits } from '../../src/http/address-limit.ts';
import { addErrorHandler } from '../../src/http/errors.ts';
import { addJsonBody } from '../../src/http/json-body.ts';
import { addOrigins } from '../../src/http/origin.ts';
import { registerWebhooks, type WebhookParts } from '../../src/http/webhooks/index.ts';
import { createOnce } from '../../src/http/webhooks/once.ts';
import { addTextCheck } from '../../src/http/well-formed.ts';
import type { Tables } from '../../src/ports/tables.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';

export interface WebhookWorld extends Pick<WebhookParts, 'webhooks' | 'config' | 'now' | 'receiveMs'> {
  /** Of several tasks the same. */
  readonly tables: Tables;
  readonly sns?: WebhookParts['sns'];
  readonly metrics?: WebhookParts['metrics'];
  readonly lines: string[];
}

const noTopics: WebhookParts['sns'] = { read: () => Promise.reject(new Error('no topic is expected here')) };

export const serveWebhooks = async (world: WebhookWorld): Promise<FastifyInstance> => {
  const { webhooks, config, tables, sns = noTopics, metrics = { count: () => {} }, lines, now, receiveMs } = world;
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({ loggerInstance });
  addOrigins(app);
  addErrorHandler(app);
  addJsonBody(app);
  addTextCheck(app);
  const limits = { PUBLIC_URL: 'http://localhost:3000', ADDRESS_REQUESTS_PER_SECOND: 1000 };
  const packRoutes = webhooks.map(({ route }) => route);
  addAddressLimits(app, { ephemeral: openMemoryEphemeral({ now }), config: limits, packRoutes });
  const begin = createOnce({ tables, now });
  await registerWebhooks(app, {
    webhooks,
    config,
    sns,
    begin,
    metrics,
    log,
    now,
    ...(receiveMs !== undefined && { receiveMs }),
  });
  return app;
};
