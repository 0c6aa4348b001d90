/** Tries to find a key in what calls and senders leave behind, whatever goes wrong: spans, log lines, metrics, errors, outcomes. */
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { z } from 'zod';
import { openReceivers, type Receivers } from '../../test/rigs/receivers.ts';
import { type Answering, openStandIn, type StandIn } from '../../test/rigs/stand-in.ts';
import type { UpstreamCall, UpstreamEngine } from '../ports/upstream.ts';
import { type OpenSenders, openSenders } from '../senders/open.ts';
import { openLogger } from '../telemetry/logger.ts';
import { openMetrics } from '../telemetry/metrics.ts';
import { openUpstreams } from './open.ts';

/** No rule of the log knows these by their looks or by their names. */
const key = 'Zk7/q+w=9 v"x';
const [first, second] = ['Zk7', 'q+w'];
const lines: string[] = [];
const log = openLogger({ LOG_LEVEL: 'trace', ENVIRONMENT: 'local' }, { write: (line) => void lines.push(line) });
const metrics = openMetrics({ format: 'emf', write: (line) => void lines.push(line) });
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

let there: StandIn;
let receivers: Receivers;
let engine: UpstreamEngine;
let senders: OpenSenders;
let opened = 0;
beforeAll(async () => {
  provider.register();
  there = await openStandIn((response) => response.end());
  receivers = await openReceivers(() => new Date());
  engine = openUpstreams({
    config: { API_URL: there.url, NOWHERE_URL: 'https://nowhere.invalid' },
    metrics,
    log,
    now: () => new Date(),
    sleep: async () => {},
  });
  const none = {
    ENVIRONMENT: 'prod',
    MAIL_FROM: undefined,
    MAIL_CONFIGURATION_SET: undefined,
    AWS_REGION: undefined,
    AWS_ENDPOINT_URL: undefined,
  };
  senders = await openSenders({
    config: none,
    metrics,
    now: () => new Date(),
    guard: receivers.guard,
    slackApi: receivers.slackApi,
    clock: { now: () => 0, sleep: async () => {} },
  });
});
afterAll(async () => {
  await Promise.all([engine.close(), senders.close(), provider.shutdown()]);
  await metrics.close();
  there.close();
  receivers.close();
  trace.disable();
  context.disable();
});
beforeEach(() => {
  lines.length = 0;
  exporter.reset();
});

/** Everything that somebody could read afterwards. */
const leftBehind = async (results: unknown): Promise<string> => {
  // A call that is left ends its span a moment later.
  while (exporter.getFinishedSpans().length === 0) await setImmediate();
  metrics.flush();
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  // As a careless line would log it, and with what JSON leaves out.
  for (const err of [results].flat()) log.error({ err, reason: err }, `it failed: ${String(err)}`);
  return inspect({ spans, lines, results }, { depth: 20, showHidden: true, maxStringLength: null });
};

const saysItBack: Answering = (response, { target, headers, body }) => {
  const said = [
    target,
    decodeURIComponent(target),
    headers.authorization,
    headers.apikey,
    body,
    JSON.stringify(key),
  ].join(' ');
  response.end(`{"error":"${said}"}`);
};
const answers: Readonly<Record<string, Answering>> = {
  'refuses and says it back': (response, asked, nth) => {
    response.statusCode = 401;
    saysItBack(response, asked, nth);
  },
  'fails and says it back': (response, asked, nth) => {
    response.statusCode = 500;
    saysItBack(response, asked, nth);
  },
  'answers something else and says it back': (response, asked, nth) => {
    response.setHeader('x-echo', encodeURIComponent(key));
    saysItBack(response, asked, nth);
  },
  'redirects to it': (response, { target }) =>
    void response.writeHead(302, { location: `https://elsewhere.example.com${target}` }).end(),
  'breaks off': (response) => void response.destroy(),
  'breaks off in the middle': (response) => {
    response.writeHead(200, { 'content-length': '999' });
    response.write('{');
    setTimeout(() => response.destroy(), 5);
  },
  'speaks no HTTP': (response) => void response.socket?.end(`NONSENSE ${key}\r\n\r\n`),
  'compresses wrongly': (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(key),
};

const keyed = (more: Partial<UpstreamCall> = {}): UpstreamCall => ({
  method: 'GET',
  path: '/v1/records/{record}:query',
  params: { record: 'r-1' },
  secrets: { headers: { apikey: key, authorization: `Bearer ${key}` }, query: { key } },
  signal: AbortSignal.timeout(10_000),
  ...more,
});
const misshapen = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return error;
  }
};
const call = async (given: UpstreamCall, variable = 'API_URL'): Promise<unknown> => {
  opened += 1;
  const owner = { name: `market${opened}`, egress: ['api.example.com'], variables: ['API_URL', 'NOWHERE_URL'] };
  const api = engine.of(owner).open({ base: { variable, otherwise: 'https://api.example.com' }, retries: 1 });
  try {
    const answer = await api.call(given);
    // What a pack throws of it: a refusal, or that it is not of the shape.
    return [answer.refusal(), misshapen(() => answer.json(z.object({ none: z.literal('such') })))];
  } catch (error) {
    return error;
  }
};

describe('the key of a call is found nowhere when the API', () => {
  it.each(Object.keys(answers))('%s', async (how) => {
    there.answer(answers[how] ?? saysItBack);
    const error = await call(keyed());
    expect(there.asked[0]?.target).toContain('key=Zk7');
    const left = await leftBehind(error);
    expect(left).not.toContain(first);
    expect(left).not.toContain(second);
  });

  it.each<[string, Partial<UpstreamCall>, string]>([
    ['is not there', {}, 'NOWHERE_URL'],
    ['does not answer in time', { withinMs: 30 }, 'API_URL'],
    ['cannot be sent a header like that', { secrets: { headers: { authorization: `Bearer ${key}\n` } } }, 'API_URL'],
    ['cannot be sent a header of that name', { secrets: { headers: { [`${key} `]: key } } }, 'API_URL'],
  ])('%s', async (_, more, variable) => {
    there.answer(() => {});
    const left = await leftBehind(await call(keyed(more), variable));
    expect(left).not.toContain(first);
    expect(left).not.toContain(second);
  });

  it('and what was asked for is not in a span either, only its template', async () => {
    there.answer((response) => response.end('[]'));
    await call(keyed({ params: { record: 'of-a-person' }, query: { mail: 'ana@example.com' } }));
    const left = await leftBehind([]);
    expect(left).toContain('/v1/records/{record}:query');
    expect(left).not.toMatch(/of-a-person|ana@example|ana%40/);
  });
});

it('each try is a span of the client’s kind, with what may be known of it', async () => {
  there.answer((response, _, nth) => {
    response.statusCode = nth === 1 ? 503 : 204;
    response.end();
  });
  await call(keyed());
  const told = exporter
    .getFinishedSpans()
    .map(({ name, kind, status, attributes }) => [name, kind, status.code, attributes]);
  const service = `market${opened}`;
  const known = {
    'http.request.method': 'GET',
    'url.template': '/v1/records/{record}:query',
    'server.address': '127.0.0.1',
    'peer.service': service,
  };
  expect(told).toEqual([
    [`GET ${service}`, SpanKind.CLIENT, SpanStatusCode.ERROR, { ...known, 'error.type': 'http_503' }],
    [
      `GET ${service}`,
      SpanKind.CLIENT,
      SpanStatusCode.UNSET,
      { ...known, 'http.request.resend_count': 1, 'http.response.status_code': 204 },
    ],
  ]);
});

describe('the keys of notices are found nowhere when the receiver', () => {
  const body = { text: 'A change waits' };
  const secret = encodeURIComponent(key);
  it.each([...Object.keys(answers)].map((how, place) => ({ how, place })))('$how', async ({ how, place }) => {
    receivers.answer(answers[how] ?? saysItBack);
    const signal = AbortSignal.timeout(10_000);
    const slack = { kind: 'incoming-webhook', url: `${receivers.url}/services/${place}/${secret}` } as const;
    const person = { kind: 'person', token: key, email: `ana${place}@example.com` } as const;
    const signing = `whsec_${Buffer.from(key.repeat(3)).toString('base64')}`;
    const outcomes = await Promise.all([
      senders.senders.slack?.({ id: 'e1', body }, slack, signal),
      senders.senders.slack?.({ id: 'e1', body }, person, signal),
      senders.senders.teams?.({ id: 'e1', body }, { url: `${receivers.url}/workflows/1?sig=${secret}` }, signal),
      senders.senders.webhook?.(
        { id: 'e1', body },
        { url: `${receivers.url}/hooks/${secret}`, secrets: [signing] },
        signal,
      ),
    ]);
    expect(receivers.asked).toHaveLength(4);
    const left = await leftBehind(outcomes);
    for (const part of [first, second, 'WmszL3', signing.slice(6), '@example.com']) expect(left).not.toContain(part);
  });
});
