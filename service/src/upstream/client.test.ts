import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { z } from 'zod';
import { selfSigned } from '../../test/rigs/self-signed.ts';
import { openStandIn, type StandIn } from '../../test/rigs/stand-in.ts';
import { CountersignError } from '../errors.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Upstream, UpstreamCall, UpstreamEngine, UpstreamOptions } from '../ports/upstream.ts';
import { openUpstreams } from './open.ts';

const key = 'k3y/with+signs=and"quotes';
const counted: string[] = [];
const metrics: Metrics = {
  count: (metric, dimensions, value = 1) => void counted.push([metric, ...Object.values(dimensions), value].join(' ')),
  observe: (metric, dimensions) => void counted.push([metric, ...Object.values(dimensions)].join(' ')),
  set: () => {},
};
const calls = () => counted.filter((line) => line.startsWith('UpstreamCalls'));
const lines: string[] = [];
const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
const waited: number[] = [];

let there: StandIn;
let engine: UpstreamEngine;
const json = { 'content-type': 'application/json' };
beforeAll(async () => {
  there = await openStandIn((response) => response.end('[]'));
});
afterAll(() => there.close());
beforeEach(() => {
  for (const list of [counted, lines, waited]) list.length = 0;
  engine = openUpstreams({
    config: { API_URL: `${there.url}/v3/`, SECRETIVE_URL: `https://user:${key}@api.example.com` },
    metrics,
    log,
    now: () => new Date('2026-11-30T08:00:00Z'),
    sleep: async (milliseconds, signal) => {
      waited.push(milliseconds);
      signal.throwIfAborted();
    },
  });
});
afterEach(() => engine.close());

const owner = { name: 'market', egress: ['api.example.com'], variables: ['API_URL', 'SECRETIVE_URL'] };
const open = (options: Partial<UpstreamOptions> = {}): Upstream =>
  engine.of(owner).open({ base: { variable: 'API_URL', otherwise: 'https://api.example.com/v3' }, ...options });
const ask = (more: Partial<UpstreamCall> = {}): UpstreamCall => ({
  method: 'GET',
  path: '/quote',
  signal: AbortSignal.timeout(20_000),
  ...more,
});
const failing = async (work: Promise<unknown>): Promise<CountersignError> => {
  const error: unknown = await work.then(
    () => 'nothing failed',
    (reason: unknown) => reason,
  );
  if (error instanceof CountersignError) return error;
  throw error;
};

describe('a call', () => {
  it('goes to the base from the configuration, each part encoded, and comes back as data', async () => {
    there.answer((response) => response.writeHead(200, json).end('[{"price":1.03717}]'));
    const answer = await open().call(
      ask({
        path: '/sites/{site}/sitemaps/{map}:submit',
        params: { site: 'https://example.com/', map: 'a b%2F' },
        query: { symbol: '^GSPC', tag: ['a', 'b&c=d'], none: undefined },
      }),
    );
    expect(there.asked[0]?.target).toBe(
      '/v3/sites/https%3A%2F%2Fexample.com%2F/sitemaps/a%20b%252F:submit?symbol=%5EGSPC&tag=a&tag=b%26c%3Dd',
    );
    expect(answer.json(z.array(z.object({ price: z.number() })))).toEqual([{ price: 1.03717 }]);
    expect(counted).toEqual(['UpstreamDuration market', 'UpstreamCalls market ok 1']);
  });

  it.each(['..', '.', '', '\ud800'])('lets no parameter %j out of its segment', async (symbol) => {
    there.answer((response) => response.end());
    const error = await failing(open().call(ask({ path: '/quote/{symbol}', params: { symbol } })));
    expect([error.code, there.asked]).toEqual(['invalid_input', []]);
  });

  it('hands on an answer that refuses, and tells what the API said without the key', async () => {
    there.answer((response, { target }) => {
      const quoted = [key, encodeURIComponent(key), JSON.stringify(key), target].join(' ');
      response.writeHead(402, json).end(`Limit: between 0 and 5. ${quoted}\u202e${'x'.repeat(500)}`);
    });
    const answer = await open().call(ask({ secrets: { headers: { apikey: key }, query: { key } } }));
    expect(there.asked[0]?.headers.apikey).toBe(key);
    const { code, message, details } = answer.refusal();
    expect([code, message]).toEqual(['upstream_error', 'market answered HTTP 402.']);
    expect(details).toMatchObject({ status: 402, sent: 'yes', untrusted_text: ['details.said'] });
    expect(details.said).toMatch(/^Limit: between 0 and 5\. \*\*\* /);
    expect(JSON.stringify(details)).not.toMatch(/k3y|\u202e/);
    expect(String(details.said).length).toBeLessThan(320);
    expect(calls()).toEqual(['UpstreamCalls market refused 1']);
  });

  it('says of an answer of another shape nothing but that', async () => {
    there.answer((response) => response.end(`{"price":"${key}"}`));
    const answer = await open().call(ask());
    expect(() => answer.json(z.object({ price: z.number() }))).toThrow(
      'market answered something that cannot be read.',
    );
  });
});

describe('bytes', () => {
  it.each([
    ['as sent', (): [object, Buffer] => [{}, Buffer.alloc(2_000)]],
    ['decompressed', (): [object, Buffer] => [{ 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(5_000_000))]],
    [
      'decompressed twice',
      (): [object, Buffer] => [{ 'content-encoding': 'gzip, gzip' }, gzipSync(gzipSync(Buffer.alloc(5_000_000)))],
    ],
    [
      'of an error, decompressed',
      (): [object, Buffer] => [{ 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(5_000_000))],
    ],
  ])('are capped %s', async (name, made) => {
    const [headers, body] = made();
    there.answer((response) =>
      response.writeHead(name.startsWith('of an error') ? 500 : 200, { ...headers }).end(body),
    );
    const error = await failing(open({ mostBytes: 1_000 }).call(ask()));
    expect([error.details.failure, there.asked.length]).toEqual(['answer_too_large', 1]);
  });

  it('are read where they are fewer, decompressed', async () => {
    there.answer((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('Zoë')));
    expect((await open({ mostBytes: 1_000 }).call(ask())).text).toBe('Zoë');
  });
});

describe('a read', () => {
  const busyTwice = (headers: Record<string, string> = {}, status = 429) =>
    there.answer((response, _, nth) => {
      if (nth <= 2) response.writeHead(status, headers).end('{"Error Message":"Limit Reach"}');
      else response.end('[1]');
    });

  it('is tried again after as many seconds as the API says', async () => {
    busyTwice({ 'retry-after': '3' });
    expect((await open().call(ask())).text).toBe('[1]');
    expect(there.asked).toHaveLength(3);
    expect(waited.every((milliseconds) => milliseconds >= 3000 && milliseconds < 3500)).toBe(true);
    expect(calls()).toEqual([
      'UpstreamCalls market throttled 1',
      'UpstreamCalls market throttled 1',
      'UpstreamCalls market ok 1',
    ]);
  });

  it('is tried again at the date that the API says', async () => {
    busyTwice({ 'retry-after': 'Mon, 30 Nov 2026 08:00:07 GMT' }, 503);
    await open().call(ask());
    expect(waited.every((milliseconds) => milliseconds >= 7000 && milliseconds < 7500)).toBe(true);
  });

  it('is tried again after longer and longer waits where the API says none', async () => {
    busyTwice({}, 502);
    await open({ retries: 2 }).call(ask());
    expect(waited).toHaveLength(2);
    expect(waited.every((milliseconds) => milliseconds >= 0 && milliseconds <= 10_000)).toBe(true);
  });

  it('is tried again as often as its client says of each kind of failure', async () => {
    const retries = { throttled: 3, failed: 2 };
    const asked = async (...statuses: number[]) => {
      there.answer((response, _, nth) => response.writeHead(statuses[nth - 1] ?? 200).end('[1]'));
      const before = there.asked.length;
      const api = open({ name: `n${statuses.join('-')}`, retries, timeouts: { call: 600_000 } });
      const ok = await api.call(ask()).then(
        () => true,
        () => false,
      );
      return [ok, there.asked.length - before];
    };
    expect(await asked(429, 429, 429)).toEqual([true, 4]);
    expect(await asked(429, 429, 429, 429)).toEqual([false, 4]);
    expect(await asked(503, 503)).toEqual([true, 3]);
    expect(await asked(503, 503, 503)).toEqual([false, 3]);
    expect(await asked(429, 503, 429, 503, 429)).toEqual([false, 5]);
  });

  it.each([
    ['ends after the call’s own time', '25', { timeouts: { call: 20_000 } }],
    ['is longer than a minute', '61', { timeouts: { call: 600_000 } }],
  ])('is not tried again where the wait %s', async (_, wait, options) => {
    busyTwice({ 'retry-after': wait });
    const error = await failing(open(options).call(ask()));
    expect([error.code, error.details.retry_after_seconds]).toEqual(['throttled', Number(wait)]);
    expect([there.asked.length, waited]).toEqual([1, []]);
  });

  it('by POST is tried again, and a change is not', async () => {
    busyTwice();
    await open({ name: 'reads' }).call(ask({ method: 'POST', body: { rows: 1 }, reads: true }));
    expect(there.asked.map(({ body, headers }) => [body, headers['content-type']])).toEqual(
      Array(3).fill(['{"rows":1}', 'application/json']),
    );
    busyTwice();
    const error = await failing(open({ name: 'writes' }).call(ask({ method: 'PUT', body: '' })));
    expect([error.code, error.details.sent, there.asked.length]).toEqual(['throttled', 'yes', 1]);
  });

  it('is judged by its body where the API says so', async () => {
    there.answer((response, _, nth) => response.end(nth === 1 ? '{"error":"Limit Reach","wait":2}' : '[1]'));
    const judge: UpstreamOptions['judge'] = ({ text }) =>
      text.includes('Limit Reach') ? { verdict: 'throttled', retryAfterSeconds: 2 } : { verdict: 'taken' };
    expect((await open({ judge }).call(ask())).text).toBe('[1]');
    expect(waited[0]).toBeGreaterThanOrEqual(2000);
    const failed = open({ name: 'failed', retries: 0, judge: () => ({ verdict: 'failed' }) });
    expect((await failing(failed.call(ask()))).message).toBe('market-failed answered that it failed. Try again later.');
  });

  it('whose connection breaks is tried again, and fails without a word of the request', async () => {
    there.answer((response) => response.destroy());
    const error = await failing(open({ retries: 1 }).call(ask({ secrets: { query: { key } } })));
    expect([error.code, there.asked.length]).toEqual(['upstream_error', 2]);
    expect(error.message).toMatch(/^The call of market failed \([A-Z_]+\)\. Try again later\.$/);
    expect(error.cause).toBeUndefined();
    expect(JSON.stringify([error.details, lines])).not.toContain('k3y');
  });
});

describe('time', () => {
  it('of a try ends, and the read is tried again', async () => {
    there.answer((response, _, nth) => void (nth > 1 && response.end('late')));
    expect((await open({ timeouts: { try: 60 } }).call(ask())).text).toBe('late');
    expect(calls()).toEqual(['UpstreamCalls market error 1', 'UpstreamCalls market ok 1']);
  });

  it('of a call ends, also in the middle of a body', async () => {
    there.answer((response) => void response.writeHead(200).write('half'));
    const error = await failing(open().call(ask({ method: 'POST', withinMs: 80 })));
    expect([error.code, error.details]).toEqual([
      'timeout',
      { upstream: 'market', failure: 'timeout', sent: 'unknown' },
    ]);
  });

  it('ends when the caller goes away, and when the tool’s time is over', async () => {
    there.answer(() => {});
    const gone = new AbortController();
    const [left, late] = [
      failing(open({ name: 'left' }).call(ask({ signal: gone.signal }))),
      failing(open({ name: 'late' }).call(ask({ signal: AbortSignal.timeout(50) }))),
    ];
    setTimeout(() => gone.abort(), 50);
    expect((await left).code).toBe('cancelled');
    expect((await late).code).toBe('timeout');
    expect(calls()).toContain('UpstreamCalls market-left cancelled 1');
    expect(there.asked).toHaveLength(2);
  });
});

describe('the breaker', () => {
  const down = () => there.answer((response) => response.writeHead(500).end());
  const breaker = { failures: 3, openMs: 60 };

  it('opens after failures in a row, tries one call after a while, and closes when that is answered', async () => {
    down();
    const api = open({ retries: 0, breaker });
    for (let n = 0; n < 3; n += 1) await failing(api.call(ask()));
    const refused = await failing(api.call(ask({ method: 'POST' })));
    expect(refused.details).toEqual({ upstream: 'market', failure: 'breaker_open', sent: 'no' });
    expect([there.asked.length, calls().at(-1)]).toEqual([3, 'UpstreamCalls market unsent 1']);
    expect(counted).toContain('UpstreamBreakers market opened 1');
    expect(lines[0]).toContain('"upstream":"market","failure":"http_500"');

    there.answer((response) => response.end('[]'));
    await new Promise((resolve) => setTimeout(resolve, 70));
    expect((await api.call(ask())).ok).toBe(true);
    expect(counted).toContain('UpstreamBreakers market closed 1');
  });

  it('is each upstream’s own, and an answer that refuses is no failure', async () => {
    down();
    // It must not end while this test runs.
    const options = { retries: 0, breaker: { failures: 3, openMs: 60_000 } };
    const [sick, well] = [open({ name: 'sick', ...options }), open({ name: 'well', ...options })];
    for (let n = 0; n < 4; n += 1) await failing(sick.call(ask()));
    there.answer((response) => response.writeHead(404).end());
    for (let n = 0; n < 5; n += 1) expect((await well.call(ask())).status).toBe(404);
    expect((await failing(sick.call(ask()))).details.failure).toBe('breaker_open');
  });

  it('stays open when its trial was given up by the caller', async () => {
    down();
    const api = open({ retries: 0, breaker });
    for (let n = 0; n < 3; n += 1) await failing(api.call(ask()));
    there.answer(() => {});
    await new Promise((resolve) => setTimeout(resolve, 70));
    const gone = new AbortController();
    setTimeout(() => gone.abort(), 30);
    expect((await failing(api.call(ask({ signal: gone.signal })))).code).toBe('cancelled');
    expect((await failing(api.call(ask()))).details.failure).toBe('breaker_open');
  });
});

describe('calls at once', () => {
  it('are limited, those that wait too, and who waits may go away', async () => {
    const held: (() => void)[] = [];
    there.answer((response) => void held.push(() => response.end('[]')));
    const api = open({ atOnce: 2, mostWaiting: 1, retries: 0 });
    const gone = new AbortController();
    const running = [api.call(ask()), api.call(ask())];
    const waiting = failing(api.call(ask({ signal: gone.signal })));
    expect((await failing(api.call(ask()))).details).toMatchObject({ failure: 'too_many_waiting', sent: 'no' });
    gone.abort();
    expect((await waiting).details).toMatchObject({ failure: 'cancelled', sent: 'no' });
    while (held.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const let_go of held) let_go();
    await Promise.all(running);
    expect(there.asked).toHaveLength(2);
    there.answer((response) => response.end('[]'));
    expect((await api.call(ask())).ok).toBe(true);
  });
});

describe('hosts', () => {
  it('are those of egress, or where the configuration says', () => {
    expect(() => open({ base: { otherwise: 'https://elsewhere.example.com' } })).toThrow(
      'elsewhere.example.com is not in egress of contracts/packs/market.ts',
    );
    expect(() => open({ base: { otherwise: 'http://api.example.com' } })).toThrow('must be a URL of https');
    const unknown = { variable: 'DATABASE_URL', otherwise: 'https://api.example.com' };
    expect(() => open({ base: unknown })).toThrow('DATABASE_URL is not a variable of contracts/packs/market.ts');
    open();
    expect(() => open()).toThrow('market is opened twice');
  });

  it('are not quoted where the configuration cannot be used', () => {
    const secretive = { variable: 'SECRETIVE_URL', otherwise: 'https://api.example.com' };
    expect(() => open({ base: secretive })).toThrow(/^SECRETIVE_URL must be a URL of https, [^@]*$/);
  });

  const leadTo = (location: string) =>
    there.answer((response, { target }) => {
      if (target.startsWith('/v3/quote')) response.writeHead(302, { location }).end();
      else response.end('arrived');
    });

  it('are not left by a redirect', async () => {
    leadTo('/v3/elsewhere');
    const error = await failing(open().call(ask()));
    expect([error.message, there.asked.length]).toEqual(['market answered with a redirect that is not followed.', 1]);
  });

  it('may be left by a redirect of a read to the same origin, with its keys', async () => {
    leadTo('/v3/elsewhere');
    const api = open({ redirects: 'follow' });
    expect((await api.call(ask({ secrets: { headers: { apikey: key } } }))).text).toBe('arrived');
    expect(there.asked[1]).toMatchObject({ target: '/v3/elsewhere', headers: { apikey: key } });
    leadTo('/v3/elsewhere');
    expect((await failing(api.call(ask({ method: 'POST' })))).details.failure).toBe('redirected');
  });

  it.each([
    'https://metadata.internal/latest',
    'http://api.example.com/',
    'ftp://api.example.com/',
    'https://127.0.0.1/',
  ])('are not left for %s', async (location) => {
    leadTo(location);
    const error = await failing(open({ redirects: 'follow', retries: 0 }).call(ask()));
    expect([error.details.failure, there.asked.length]).toEqual(['redirected', 1]);
  });
});

it('keys stay at the first origin when a read is led to another host of egress', async () => {
  const names = { name: 'api.example.com', ...selfSigned('api.example.com') };
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...trusted, names.cert]);
  const other = await openStandIn((response) => response.end('arrived'), names);
  const led = openUpstreams({
    config: { API_URL: there.url },
    metrics,
    log,
    now: () => new Date(),
    guard: { resolve: async () => [{ address: '127.0.0.1', family: 4 }], isPublic: () => true },
  });
  there.answer((response) => response.writeHead(307, { location: `${other.url}/files/1` }).end());
  const api = led
    .of({ ...owner, egress: [new URL(other.url).host] })
    .open({ base: { variable: 'API_URL', otherwise: there.url }, redirects: 'follow' });
  const secrets = { headers: { apiKey: key, authorization: 'Bearer x' }, query: { key } };
  const answer = await api.call(ask({ headers: { accept: 'text/csv' }, secrets }));
  expect(answer.text).toBe('arrived');
  expect(there.asked[0]?.headers.apikey).toBe(key);
  expect(other.asked[0]).toMatchObject({ target: '/files/1', headers: { accept: 'text/csv' } });
  expect(JSON.stringify(other.asked)).not.toMatch(/k3y|Bearer/);
  await led.close();
  other.close();
  tls.setDefaultCACertificates(trusted);
});

it('a host of egress that has only private addresses gets no connection', async () => {
  const asked: string[] = [];
  const guarded = openUpstreams({
    config: { API_URL: `${there.url}/v3` },
    metrics,
    log,
    now: () => new Date(),
    guard: {
      resolve: async (name) => {
        asked.push(name);
        return [{ address: '127.0.0.1', family: 4 }];
      },
      isPublic: (address) => address !== '127.0.0.1',
    },
  });
  there.answer((response) => response.writeHead(302, { location: 'https://api.example.com/' }).end());
  const api = guarded.of(owner).open({ base: { variable: 'API_URL', otherwise: there.url }, redirects: 'follow' });
  const error = await failing(api.call(ask()));
  expect([error.details.failure, error.details.sent, asked]).toEqual(['ADDRESS_REFUSED', 'no', ['api.example.com']]);
  await guarded.close();
});
