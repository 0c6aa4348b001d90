/** Registers the webhooks of packs. They have no session and no cookie: the signature is all that counts. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { CountersignError } from '../../errors.ts';
import type { PackWebhook, WebhookMessage } from '../../packs/webhook.ts';
import { StartError } from '../../start-error.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { signatureRefusalOf, type WebhookHeaders, webhookKeys } from '../../webhook-signature.ts';
import { readJson } from '../json-body.ts';
import { originOf } from '../origin.ts';
import { badText } from '../well-formed.ts';
import type { BeginOnce, Taken } from './once.ts';

export interface WebhookParts {
  readonly webhooks: readonly PackWebhook[];
  /** Value of a secret variable; undefined where it is unset. */
  readonly secretOf: (variable: string) => string | undefined;
  readonly begin: BeginOnce;
  /** Milliseconds that a pack may take for one message. Default 20,000. */
  readonly receiveMs?: number;
  readonly log: Logger;
  readonly now: () => Date;
}

const messageBytes = 65_536;
const mostMs = 20_000;
/** Seconds after which a sender may ask again for a message that is under way. */
const againSeconds = 30;

const one = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const headersOf = ({ headers }: FastifyRequest): Partial<WebhookHeaders> => {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    one(headers[name]),
  );
  return {
    ...(id !== undefined && { id }),
    ...(timestamp !== undefined && { timestamp }),
    ...(signature !== undefined && { signature }),
  };
};

/** @throws invalid_input */
const payloadOf = async (webhook: PackWebhook, body: Buffer, scope: FastifyInstance, request: FastifyRequest) => {
  if (!isUtf8(body)) throw new CountersignError('invalid_input', 'The message is not UTF-8.');
  const value = await readJson(scope, request, body.toString('utf8'));
  const bad = badText(value);
  if (bad) throw new CountersignError('invalid_input', `${bad.field}: ${bad.problem}`);
  const result = webhook.payload.safeParse(value);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new CountersignError('invalid_input', `${first?.path.join('.') || 'body'}: ${first?.message}`);
};

/** Ends in time whatever the pack does; what goes on after that is still written down as done or failed. */
const receive = async (webhook: PackWebhook, message: WebhookMessage<unknown>, taken: Taken): Promise<void> => {
  const received = (async () => webhook.receive(message))();
  const work = received.then(taken.done, async (error: unknown) => {
    await taken.failed().catch((err) => message.log.warn({ err }, 'a message of a webhook stays taken for a minute'));
    throw error;
  });
  try {
    await unlessAborted(
      work,
      message.signal,
      () => new CountersignError('timeout', 'Taking the message took too long. Send it again.'),
    );
  } finally {
    // Of what fails before its answer, the answer tells.
    work.catch((err) => message.signal.aborted && message.log.warn({ err }, 'a message of a webhook failed late'));
  }
};

const addWebhook = (scope: FastifyInstance, parts: WebhookParts, webhook: PackWebhook, keys: readonly Buffer[]) => {
  const { path } = webhook.route;
  scope.post(path, { bodyLimit: webhook.maxBytes ?? messageBytes }, async (request, reply): Promise<FastifyReply> => {
    reply.header('cache-control', 'no-store');
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const headers = headersOf(request);
    const now = parts.now();
    const refusal = signatureRefusalOf(headers, body, keys, now);
    if (refusal !== undefined) {
      request.log.warn({ webhook: path, refusal }, 'a message of a webhook was refused');
      // RFC 9110 11.6.1: every 401 says which scheme would do.
      reply.header('www-authenticate', 'StandardWebhooks');
      throw new CountersignError('invalid_signature', refusal);
    }
    const { id = '', timestamp = '' } = headers;
    const payload = await payloadOf(webhook, body, scope, request);
    const begun = await parts.begin(path, id, body);
    if (begun === 'known') return reply.code(204).send();
    if (begun === 'other-body')
      throw new CountersignError('conflict', 'webhook-id: is of another message that was taken before.');
    if (begun === 'under-way') {
      reply.header('retry-after', againSeconds);
      throw new CountersignError('conflict', 'webhook-id: this message is being taken right now.');
    }
    const message = {
      id,
      sentAt: new Date(Number(timestamp) * 1000),
      payload,
      origin: originOf(request),
      signal: AbortSignal.timeout(parts.receiveMs ?? mostMs),
      log: parts.log.child({ correlationId: request.id, webhook: path }),
      now: parts.now,
    };
    await receive(webhook, message, begun);
    return reply.code(204).send();
  });
};

/** @throws StartError when a secret is no key */
const keysOf = ({ route }: PackWebhook, secret: string): readonly Buffer[] => {
  try {
    return webhookKeys(secret, route.secret);
  } catch (cause) {
    throw new StartError(`${cause instanceof Error ? cause.message : cause}`, { cause });
  }
};

/** Looks secrets up among the variables. */
export const secretOf =
  (config: object): WebhookParts['secretOf'] =>
  (variable) => {
    const value: unknown = Reflect.get(config, variable);
    return typeof value === 'string' ? value : undefined;
  };

/** A webhook whose secret is unset is served nowhere, as if its pack were off: nobody could be told from its sender. */
export const registerWebhooks = async (app: FastifyInstance, parts: WebhookParts): Promise<void> => {
  await app.register(async (scope) => {
    // The signature is of the bytes: nothing may parse them first.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const webhook of parts.webhooks) {
      const secret = parts.secretOf(webhook.route.secret);
      if (secret === undefined)
        parts.log.warn({ webhook: webhook.route.path }, `this webhook is off: set ${webhook.route.secret}`);
      else addWebhook(scope, parts, webhook, keysOf(webhook, secret));
    }
  });
};
