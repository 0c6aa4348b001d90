import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import pino from 'pino';
import { CountersignError } from '../errors.ts';
import { addErrorHandler, answerMalformed } from './errors.ts';
import { addRequestIds, requestId, requestLogger } from './request-ids.ts';

const lines: string[] = [];
const loggerInstance: FastifyBaseLogger = pino({ level: 'info' }, { write: (line) => lines.push(line) });
const app = Fastify({
  genReqId: requestId,
  childLoggerFactory: requestLogger,
  frameworkErrors: answerMalformed,
  logController: new LogController({ disableRequestLogging: true }),
  loggerInstance,
});
addRequestIds(app);
addErrorHandler(app, {
  page: ({ status, message }, request) => (request.url.startsWith('/page') ? `<p>${status} ${message}</p>` : undefined),
});
app.get('/refused', () => {
  throw new CountersignError('safety_limit_exceeded', 'Ask for fewer than 50 tags.', { details: { limit: 50 } });
});
app.get('/store', () => {
  throw new CountersignError('store_unavailable', 'The store does not answer.', { cause: new Error('ECONNREFUSED') });
});
app.get('/fault', () => {
  throw new Error('password=hunter2 at 10.0.0.3');
});
app.get('/odd', () => {
  throw { statusCode: 200, code: 'x' };
});
app.get('/page/fault', () => {
  throw new Error('hunter2');
});

describe('the error handler', () => {
  const get = (url: string) => app.inject({ url });

  it('answers an error meant for the caller with its status, code, details and the request id', async () => {
    const response = await get('/refused');
    expect(response.statusCode).toBe(422);
    expect(response.json()).toEqual({
      error: {
        code: 'safety_limit_exceeded',
        message: 'Ask for fewer than 50 tags.',
        details: { limit: 50 },
        request_id: response.headers['x-request-id'],
      },
    });
  });

  it.each(['/fault', '/odd'])(
    'answers the fault of %s with one fixed text, and logs it under the same id',
    async (url) => {
      lines.length = 0;
      const response = await get(url);
      expect(response.statusCode).toBe(500);
      expect(response.json()).toMatchObject({
        error: { code: 'internal_error', details: {}, request_id: response.headers['x-request-id'] },
      });
      expect(response.body).not.toContain('hunter2');
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        level: 50,
        reqId: response.headers['x-request-id'],
        err: expect.anything(),
      });
    },
  );

  it('logs an unavailable store, and not a refusal', async () => {
    lines.length = 0;
    await get('/refused');
    expect(lines).toEqual([]);
    expect((await get('/store')).statusCode).toBe(503);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40 });
  });

  it('answers a path that is not there, and a malformed one', async () => {
    expect((await get('/nowhere')).json()).toMatchObject({ error: { code: 'not_found' } });
    expect((await get('/%zz')).json()).toMatchObject({ error: { code: 'invalid_input' } });
  });

  it('shows a person a page', async () => {
    const response = await get('/page/fault');
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.body).toMatch(/^<p>500 Something went wrong/);
  });
});

describe('request ids', () => {
  const ask = async (headers: Record<string, string>) => {
    lines.length = 0;
    const response = await app.inject({ url: '/fault', headers });
    return { id: response.headers['x-request-id'], line: JSON.parse(lines[0] ?? '') };
  };

  it('are the service’s own, whatever the caller calls the request', async () => {
    const ids = await Promise.all([1, 2].map(async () => (await ask({ 'x-request-id': 'the-same-for-both' })).id));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('stand beside the caller’s own in the log', async () => {
    expect((await ask({ 'x-request-id': 'trace:01.AB_cd-9' })).line).toMatchObject({
      callerRequestId: 'trace:01.AB_cd-9',
    });
    expect((await ask({ 'x-correlation-id': 'c-1' })).line).toMatchObject({ callerRequestId: 'c-1' });
  });

  it.each(['has space in it', 'line\u007fbreak-0', '<script>alert(1)', 'a'.repeat(200), '-leading-dash', ''])(
    'leave out %j',
    async (id) => {
      expect((await ask({ 'x-request-id': id })).line).not.toHaveProperty('callerRequestId');
    },
  );
});
