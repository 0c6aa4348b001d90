import { createHash } from 'node:crypto';
import { originVerifyHeader } from '../../../contracts/gateway.ts';
import type { Opened } from '../start/open.ts';
import type { HttpApiEvent } from './event.ts';
import { createHandler } from './handler.ts';

const [sent, before] = ['what-cloudfront-sends-0123456789', 'what-it-sent-before-0123456789ab'];
const hash = (value: string) => createHash('sha256').update(value).digest('hex');

const event = (headers: Record<string, string>) => ({
  version: '2.0',
  rawPath: '/ready',
  headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.7', ...headers },
  requestContext: { http: { method: 'GET', sourceIp: '203.0.113.7' } },
});

/** A handler over a service whose upkeep and answers are told to `happened`. */
const open = (hashes?: string[], upkeep: () => Promise<void> = async () => {}) => {
  const happened: string[] = [];
  const idled: [number, readonly string[]][] = [];
  const service = {
    pipeline: {
      resume: async () => upkeep().then(() => void happened.push('resumed')),
      running: () => ['op_before'],
      idle: async (milliseconds: number, except: readonly string[]) => {
        idled.push([milliseconds, except]);
      },
    },
    anchoring: { run: async () => void happened.push('anchored') },
    jobs: {
      turn: async () => void happened.push('worked'),
      idle: async () => {},
      deliver: async (bodies: readonly string[]) => bodies.map((body) => body !== 'strange'),
    },
    state: {},
    log: { error: () => void happened.push('failed') },
    metrics: { flush: () => void happened.push('flushed') },
  } as unknown as Opened;
  const proxy = async ({ requestContext }: HttpApiEvent) => {
    happened.push(`answered ${requestContext.http.sourceIp}`);
    return { statusCode: 200, headers: {}, body: '' };
  };
  const config = { PUBLIC_URL: 'https://mcp.example.com', ORIGIN_VERIFY_HASHES: hashes };
  return { happened, idled, handler: createHandler(service, config, proxy) };
};

describe('an invocation', () => {
  it('is refused past CloudFront, where that is in front', async () => {
    const { handler, happened } = open([hash(sent), hash(before)]);
    for (const value of ['', hash(sent), `${sent},${sent}`])
      expect(await handler(event({ [originVerifyHeader]: value }))).toMatchObject({ statusCode: 403 });
    expect(await handler(event({}))).toMatchObject({ statusCode: 403 });
    expect(happened.join()).not.toContain('answered');
    for (const value of [sent, before])
      expect(await handler(event({ [originVerifyHeader]: value }))).toMatchObject({ statusCode: 200 });
    // The client CloudFront named, not CloudFront.
    expect(happened).toContain('answered 198.51.100.1');
  });

  it('takes the API’s own caller where there is no CloudFront', async () => {
    const { handler, happened } = open();
    await handler(event({ [originVerifyHeader]: sent }));
    expect(happened).toContain('answered 203.0.113.7');
  });

  it.each([undefined, {}, { version: '1.0', path: '/' }])('that is %j is refused', async (given) => {
    expect(await open().handler(given)).toMatchObject({ statusCode: 400 });
  });

  it('with messages of the queue of jobs takes them, and names those that are to stay there', async () => {
    const { handler, happened } = open([hash(sent)]);
    const record = (messageId: string, body: string) => ({ eventSource: 'aws:sqs', messageId, body });
    expect(await handler({ Records: [record('a', '{"job":"1"}'), record('b', 'strange')] })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'b' }],
    });
    // The tick of each minute does what would have to wait for a request.
    expect(happened.toSorted()).toEqual(['anchored', 'flushed', 'resumed', 'worked']);
    expect(await handler({ Records: [{ ...record('a', ''), eventSource: 'aws:s3' }] })).toMatchObject({
      statusCode: 400,
    });
  });

  it('does beside it what is due, once a minute, and leaves nothing unwritten', async () => {
    const { handler, happened } = open();
    await handler(event({}));
    expect(happened.toSorted()).toEqual(['anchored', 'answered 203.0.113.7', 'flushed', 'resumed', 'worked']);
    expect(happened.at(-1)).toBe('flushed');
    await handler(event({}));
    expect(happened.slice(5)).toEqual(['answered 203.0.113.7', 'flushed']);
  });

  it('lasts until what it had applied is applied, as long as an HTTP API waits, and leaves what was begun before', async () => {
    const { handler, idled } = open();
    await handler(event({}));
    const [[milliseconds, except] = [0, []]] = idled;
    expect(milliseconds).toBeGreaterThan(20_000);
    expect(milliseconds).toBeLessThanOrEqual(25_000);
    expect(except).toEqual(['op_before']);
  });

  it('is answered although upkeep fails, or takes its time', async () => {
    const failing = open(undefined, async () => {
      throw new Error('the store is away');
    });
    expect(await failing.handler(event({}))).toMatchObject({ statusCode: 200 });
    expect(failing.happened).toContain('failed');
    const slow = open(undefined, () => new Promise(() => {}));
    const started = performance.now();
    expect(await slow.handler(event({}))).toMatchObject({ statusCode: 200 });
    await slow.handler(event({}));
    // Only the request that began it waits, and not for ever.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
