/** Registers the webhooks of packs. They have no session and no cookie: what its scheme checks is all that counts. */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { WEBHOOK_BYTES } from '../../../../contracts/packs/pack.ts';
import { CountersignError } from '../../errors.ts';
import type { PackWebhook, WebhookMessage } from '../../packs/webhook.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Sns } from '../../ports/sns.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { readJson } from '../json-body.ts';
import { originOf } from '../origin.ts';
import { badText } from '../well-formed.ts';
import type { BeginOnce, Taken } from './once.ts';
import type { ArrivedMessage, Authentic, WebhookScheme } from './scheme.ts';
import { schemeOf } from './schemes/index.ts';

export interface WebhookParts {
  readonly webhooks: readonly PackWebhook[];
  /** Variables by name, among them the secrets of webhooks. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly sns: Sns;
  readonly begin: BeginOnce;
  /** Milliseconds that a pack may take for one message. Default 20,000. */
  readonly receiveMs?: number;
  readonly metrics: Pick<Metrics, 'count'>;
  readonly log: Logger;
  readonly now: () => Date;
}

const mostMs = 20_000;
/** Seconds after which a sender may ask again for a message that is under way. */
const againSeconds = 30;

/** @throws invalid_input */
const jsonOf = async (body: Buffer, scope: FastifyInstance, request: FastifyRequest): Promise<unknown> => {
  if (!isUtf8(body)) throw new CountersignError('invalid_input', 'The message is not UTF-8.');
  const value = await readJson(scope, request, body.toString('utf8'));
  const bad = badText(value);
  if (bad) throw new CountersignError('invalid_input', `${bad.field}: ${bad.problem}`);
  return value;
};

/** @throws invalid_input */
const payloadOf = (webhook: PackWebhook, value: unknown): unknown => {
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

/** The sender of a message, and its id. @throws invalid_signature or untrusted_source, of which the log tells */
const authentic = async (
  scheme: WebhookScheme,
  arrived: ArrivedMessage,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  try {
    return await scheme.authenticate(arrived);
  } catch (error) {
    if (error instanceof CountersignError && (error.status === 401 || error.status === 403)) {
      const refusal = error.message;
      request.log.warn({ webhook: request.routeOptions.url, refusal }, 'a message of a webhook was refused');
      if (error.status === 401 && scheme.challenge) reply.header('www-authenticate', scheme.challenge);
    }
    throw error;
  }
};

/** Nothing to write down of a sender whose messages have no id. */
const takenAnyway: Taken = { done: async () => {}, failed: async () => {} };

/** @returns what to tell how it went; undefined where it was dealt with before */
const take = async (
  { begin, scheme, path }: { begin: BeginOnce; scheme: WebhookScheme; path: string },
  { id, same }: Authentic,
  { body }: ArrivedMessage,
  reply: FastifyReply,
): Promise<Taken | undefined> => {
  if (id === undefined) return takenAnyway;
  const begun = await begin(path, id, same ?? body);
  if (begun === 'known') return undefined;
  if (begun === 'other-body')
    throw new CountersignError('conflict', 'The id of this message is of another message that was taken before.');
  if (begun === 'under-way') {
    reply.header('retry-after', againSeconds);
    throw new CountersignError(scheme.underWay, 'This message is being taken right now.');
  }
  return begun;
};

const outcomeOf = (status: number): string => {
  if (status < 300) return 'taken';
  if (status === 409) return 'conflict';
  return status < 500 ? 'refused' : 'failed';
};

const addWebhook = (scope: FastifyInstance, parts: WebhookParts, webhook: PackWebhook, scheme: WebhookScheme) => {
  const { path } = webhook.route;
  scope.post(
    path,
    { bodyLimit: webhook.route.mostBytes ?? WEBHOOK_BYTES },
    async (request, reply): Promise<FastifyReply> => {
      reply.header('cache-control', 'no-store');
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signal = AbortSignal.timeout(parts.receiveMs ?? mostMs);
      const json = () => jsonOf(body, scope, request);
      const arrived = { headers: request.headers, body, json, now: parts.now(), signal };
      const known = await authentic(scheme, arrived, request, reply);
      const payload = payloadOf(webhook, await json());
      const taken = await take({ begin: parts.begin, scheme, path }, known, arrived, reply);
      if (taken === undefined) return reply.code(204).send();
      const message = {
        id: known.id ?? randomUUID(),
        sentAt: known.sentAt,
        payload,
        origin: originOf(request),
        signal,
        log: parts.log.child({ correlationId: request.id, webhook: path }),
        now: parts.now,
      };
      await receive(webhook, message, taken);
      return reply.code(204).send();
    },
  );
};

/** A webhook whose secret or list of topics is unset is served nowhere, as if its pack were off: nobody could be told from its sender. */
export const registerWebhooks = async (app: FastifyInstance, parts: WebhookParts): Promise<void> => {
  await app.register(async (scope) => {
    // Signatures are of the bytes: nothing may parse them first.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    // At the end, because a message that is too large never comes to its webhook.
    scope.addHook('onResponse', async ({ routeOptions: { url } }, { statusCode }) => {
      if (url !== undefined) parts.metrics.count('WebhookMessages', { Webhook: url, Outcome: outcomeOf(statusCode) });
    });
    for (const webhook of parts.webhooks) {
      const scheme = schemeOf(webhook.route, parts);
      // On a machine of one's own nobody posts anything; elsewhere a sender may wait for it.
      const level = parts.config.ENVIRONMENT === 'local' ? 'debug' : 'warn';
      if (typeof scheme === 'string')
        parts.log[level]({ webhook: webhook.route.path }, `this webhook is off: set ${scheme}`);
      else addWebhook(scope, parts, webhook, scheme);
    }
  });
};
