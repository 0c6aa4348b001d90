import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOpenAnswers } from './open-answers.ts';

describe('open answers', () => {
  const answers = createOpenAnswers();
  const stopped: AbortSignal[] = [];
  let begin: (response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => {
    const stop = new AbortController();
    stopped.push(stop.signal);
    answers.track(response, JSON.parse(String(request.headers['x-ids'])), stop);
    begin(response);
  });
  let url: string;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const ask = async (ids: unknown[], first: (response: ServerResponse) => void = () => {}) => {
    const arrived = new Promise<void>((resolve) => {
      begin = (response) => {
        first(response);
        resolve();
      };
    });
    const answer = fetch(url, { headers: { 'x-ids': JSON.stringify(ids) } });
    await arrived;
    answers.endAll();
    return answer;
  };

  it('end a stream with the error of each request in it, and the work for them', async () => {
    const answer = await ask([1, 'two'], (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': keepalive\n\n');
    });
    const events = (await answer.text()).split('\n').filter((line) => line.startsWith('data: '));
    expect(events.map((line) => JSON.parse(line.slice(6)))).toEqual([
      { jsonrpc: '2.0', id: 1, error: { code: -32603, message: expect.stringContaining('ask again') } },
      { jsonrpc: '2.0', id: 'two', error: { code: -32603, message: expect.stringContaining('ask again') } },
    ]);
    expect(stopped.at(-1)?.aborted).toBe(true);
  });

  it('answer 503 with the error where nothing was sent yet', async () => {
    const answer = await ask([7]);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ id: 7, error: { code: -32603 } });
  });

  it('survive what the handler writes too late', async () => {
    let late: ServerResponse | undefined;
    const answer = await ask([8], (response) => {
      late = response;
    });
    late?.write('too late');
    late?.end();
    expect((await answer.json()) as unknown).toMatchObject({ id: 8 });
  });

  it('leave an answer that is out alone', async () => {
    const answer = await ask([9], (response) => void response.end('done'));
    expect(await answer.text()).toBe('done');
  });
});
