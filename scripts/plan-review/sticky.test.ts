import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { type Host, runCommand } from '../platform/command.ts';
import { sticky } from './sticky.ts';

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

/** As much of GitHub as keeps the comments of pull request 12. */
const github = (comments: Comment[]): Server =>
  createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://github');
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== 'Bearer token') return answer(401, {});
    const one = /^\/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(pathname)?.[1];
    if (request.method === 'GET' && pathname === '/repos/o/r/issues/12/comments') {
      const [page, size] = [Number(searchParams.get('page')), Number(searchParams.get('per_page'))];
      return answer(200, comments.slice((page - 1) * size, page * size));
    }
    const { body } = (await json(request)) as { body: string };
    if (request.method === 'POST' && pathname === '/repos/o/r/issues/12/comments') {
      comments.push({ id: comments.length + 1, body, user: { login: 'github-actions[bot]' } });
      return answer(201, {});
    }
    const existing = comments.find(({ id }) => id === Number(one));
    if (request.method !== 'PATCH' || existing === undefined) return answer(404, {});
    existing.body = body;
    return answer(200, {});
  });

describe('the comment that sticks', () => {
  let folder: string;
  let server: Server;
  let comments: Comment[];
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-sticky-'));
    comments = [];
    server = github(comments).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    env = { GITHUB_TOKEN: 'token', GITHUB_REPOSITORY: 'o/r', GITHUB_API_URL: `http://127.0.0.1:${port}` };
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  const post = async (body: string, ...args: string[]) => {
    const file = join(folder, 'comment.md');
    await writeFile(file, body);
    let said = '';
    const host: Host = {
      root: '.',
      env,
      out: () => {},
      err: (line) => {
        said += line;
      },
      ask: undefined,
    };
    return { code: await runCommand(sticky, args.length > 0 ? args : ['--pull-request', '12', file], host), said };
  };
  const mark = '<!-- countersign-plan:dev -->';

  it('is posted once and then written anew, however many others there are', async () => {
    expect(await post(`${mark}\nfirst`)).toEqual({ code: 0, said: 'Posted.' });
    const talk = Array.from({ length: 150 }, (_, index) => ({ id: 1000 + index, body: 'so?', user: { login: 'ada' } }));
    comments.unshift(...talk);
    expect(await post(`${mark}\nsecond`)).toEqual({ code: 0, said: 'Written anew.' });
    expect(comments.filter(({ body }) => body.startsWith(mark)).map(({ body }) => body)).toEqual([`${mark}\nsecond`]);
  });

  it('is one a title, and never somebody else’s', async () => {
    comments.push({ id: 77, body: `${mark}\nmine`, user: { login: 'mallory' } });
    await post(`${mark}\nplan`);
    await post('<!-- countersign-plan:prod -->\nplan');
    expect(comments.map(({ body }) => body)).toEqual([
      `${mark}\nmine`,
      `${mark}\nplan`,
      '<!-- countersign-plan:prod -->\nplan',
    ]);
  });

  it('says what is missing or refused', async () => {
    expect(await post('no marker')).toMatchObject({ code: 1, said: expect.stringContaining('marker') });
    expect(await post(mark, 'x.md')).toMatchObject({
      code: 64,
      said: expect.stringContaining('Name the pull request'),
    });
    env.GITHUB_TOKEN = 'stale';
    expect(await post(mark)).toMatchObject({ code: 1, said: expect.stringContaining('GitHub answers 401') });
    env.GITHUB_TOKEN = '';
    expect(await post(mark)).toMatchObject({ code: 1, said: 'GITHUB_TOKEN is not set.' });
  });
});
