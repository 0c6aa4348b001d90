/**
 * Receivers of notices that speak their protocol over TLS on loopback, under a name that only `guard` knows: incoming webhooks and the
 * API of Slack, Workflows of Teams, and Standard Webhooks.
 */
import type { ServerResponse } from 'node:http';
import tls from 'node:tls';
import { z } from 'zod';
import type { AddressGuard } from '../../src/upstream/public-lookup.ts';
import { signatureRefusalOf, webhookKeys } from '../../src/webhook-signature.ts';
import { selfSigned } from './self-signed.ts';
import { type Answering, type Asked, openStandIn, type StandIn } from './stand-in.ts';

const name = 'receivers.example.com';
export const slackToken = 'xoxb-stand-in-1234567890';
export const webhookSecret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

const jsonIn = ({ body }: Asked): unknown => {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
};

const answer = (response: ServerResponse, status: number, text = '', headers: Record<string, string> = {}) =>
  void response.writeHead(status, headers).end(text);

// https://docs.slack.dev/reference/block-kit/blocks
const text = (most: number) => z.looseObject({ text: z.string().min(1).max(most) });
const SlackMessage = z.looseObject({
  text: z.string().min(1),
  blocks: z
    .array(
      z.looseObject({
        type: z.string(),
        text: text(3000).optional(),
        elements: z.array(z.looseObject({ text: text(75), url: z.url() })).optional(),
      }),
    )
    .max(50)
    .optional(),
});

/** One message a second to one webhook. */
const slackWebhook = (now: () => number): Answering => {
  const latest = new Map<string, number>();
  return (response, asked) => {
    const message = SlackMessage.safeParse(jsonIn(asked));
    if (!message.success) return answer(response, 400, 'invalid_payload');
    const before = latest.get(asked.target) ?? Number.NEGATIVE_INFINITY;
    if (now() - before < 900) return answer(response, 429, 'rate_limited', { 'retry-after': '1' });
    latest.set(asked.target, now());
    return answer(response, 200, 'ok');
  };
};

const people: Readonly<Record<string, string>> = { 'ana@example.com': 'U0ANA', 'ben@example.com': 'U0BEN' };

const slackApi: Answering = (response, asked) => {
  const said = (value: object) => answer(response, 200, JSON.stringify(value), { 'content-type': 'application/json' });
  if (asked.headers.authorization !== `Bearer ${slackToken}`) return said({ ok: false, error: 'invalid_auth' });
  if (asked.target === '/api/users.lookupByEmail') {
    if (asked.headers['content-type'] !== 'application/x-www-form-urlencoded')
      return said({ ok: false, error: 'invalid_arguments' });
    const id = people[new URLSearchParams(asked.body).get('email') ?? ''];
    return said(id === undefined ? { ok: false, error: 'users_not_found' } : { ok: true, user: { id } });
  }
  const message = SlackMessage.extend({
    channel: z.enum(Object.values(people)),
    metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }),
  }).safeParse(jsonIn(asked));
  return said(message.success ? { ok: true, ts: '1796000000.000100' } : { ok: false, error: 'invalid_blocks' });
};

const TeamsMessage = z.object({
  type: z.literal('message'),
  attachments: z.tuple([
    z.object({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      content: z.looseObject({
        type: z.literal('AdaptiveCard'),
        actions: z.array(z.looseObject({ type: z.literal('Action.OpenUrl'), url: z.url() })),
      }),
    }),
  ]),
});

const teams: Answering = (response, asked) => {
  const signed = new URL(asked.target, 'https://x').searchParams.get('sig') === 'teams-key';
  if (!signed) return answer(response, 401, '{"error":{"code":"DirectApiAuthorizationRequired"}}');
  return answer(response, TeamsMessage.safeParse(jsonIn(asked)).success ? 202 : 400);
};

/** Why a message of ours would not be believed; undefined where its signature holds. */
export const refusalOfMessage = ({ headers, body }: Asked, now: Date): string | undefined => {
  const header = (of: string) => String(headers[`webhook-${of}`]);
  const given = { id: header('id'), timestamp: header('timestamp'), signature: header('signature') };
  return signatureRefusalOf(given, Buffer.from(body), webhookKeys(webhookSecret, 'secret'), now);
};

const webhook =
  (now: () => Date): Answering =>
  (response, asked) => {
    const refusal = refusalOfMessage(asked, now());
    return answer(response, refusal === undefined ? 204 : 401, refusal);
  };

export interface Receivers {
  readonly url: string;
  readonly slackApi: string;
  readonly asked: readonly Asked[];
  /** Resolves the receivers' name, and takes loopback for public. */
  readonly guard: AddressGuard;
  /** Answers so until it is called without, and forgets what was asked. */
  answer(answering?: Answering): void;
  close(): void;
}

/** Answers as each path's protocol says, 404 anywhere else. */
const byProtocolOf = (now: () => Date, elapsed: () => number): Answering => {
  const routes: readonly (readonly [prefix: string, Answering])[] = [
    ['/services/', slackWebhook(elapsed)],
    ['/api/', slackApi],
    ['/workflows/', teams],
    ['/hooks/', webhook(now)],
  ];
  return (response, asked, nth) => {
    const [, route] = routes.find(([prefix]) => asked.target.startsWith(prefix)) ?? [];
    if (route === undefined || asked.method !== 'POST') return answer(response, 404);
    return route(response, asked, nth);
  };
};

/** The same without TLS on loopback, where a service with ENVIRONMENT=local posts to. */
export const openLocalReceivers = (now: () => Date, elapsed: () => number): Promise<StandIn> =>
  openStandIn(byProtocolOf(now, elapsed));

/**
 * @param now the receivers' clock, by which signatures are of now
 * @param elapsed milliseconds of a clock, by which messages are too many
 */
export const openReceivers = async (
  now: () => Date,
  elapsed: () => number = () => performance.now(),
): Promise<Receivers> => {
  const trusted = tls.getCACertificates('default');
  const identity = { name, ...selfSigned(name) };
  tls.setDefaultCACertificates([...trusted, identity.cert]);
  const byProtocol = byProtocolOf(now, elapsed);
  const server = await openStandIn(byProtocol, identity);
  return {
    url: server.url,
    slackApi: `${server.url}/api`,
    asked: server.asked,
    guard: {
      resolve: async (host) => (host === name ? [{ address: '127.0.0.1', family: 4 }] : []),
      isPublic: () => true,
    },
    answer: (answering = byProtocol) => server.answer(answering),
    close: () => {
      tls.setDefaultCACertificates(trusted);
      server.close();
    },
  };
};
