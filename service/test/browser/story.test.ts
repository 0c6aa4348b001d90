/** The first story in real browsers: an agent connects for Ana, asks for a change, and Ben countersigns it. */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { OAuthClient, Tokens } from '../rigs/oauth-client.ts';
import { programFlags } from '../servers/bare.ts';
import { putNewDatabase } from '../servers/new-database.ts';
import { freePort, serve, type TestServer } from '../servers/server.ts';
import { hasBrowser, launch } from './browser.ts';

const pictures = 'test-results/story';

/** Where the agent waits for its code. */
class Callback {
  readonly #server: Server;
  readonly uri: string;
  #arrived: URL | undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.uri = `http://127.0.0.1:${port}/callback`;
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/callback')) this.#arrived = new URL(request.url, this.uri);
      response.end('Connected. You can close this page.');
    });
  }

  static async listen(): Promise<Callback> {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Callback(server, port);
  }

  get code(): string {
    return this.#arrived?.searchParams.get('code') ?? '';
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const startService = async (folder: string): Promise<TestServer> => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = { ...process.env, PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn', NODE_OPTIONS: '' };
  const answers = async () => (await fetch(`${url}/ready`)).ok;
  return serve(url, {
    command: process.execPath,
    args: [...programFlags, 'service/src/start/server.ts'],
    options: { env },
    answers,
  });
};

const Result = z.looseObject({ result: z.looseObject({}) });

(hasBrowser() ? describe : describe.skip)('the story, in browsers', () => {
  let service: TestServer;
  let browser: Browser;
  let callback: Callback;
  let ana: Page;
  let ben: Page;
  const closers: (() => Promise<void> | void)[] = [];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    const folder = await mkdtemp(join(tmpdir(), 'countersign-story-'));
    await putNewDatabase(folder);
    closers.push(() => rm(folder, { recursive: true }));
    callback = await Callback.listen();
    closers.push(() => callback.close());
    browser = await launch();
    closers.push(() => browser.close());
    service = await startService(folder);
    closers.push(() => service.stop());
    const open = async () => (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    [ana, ben] = await Promise.all([open(), open()]);
  }, 90_000);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  const picture = (page: Page, name: string) => page.screenshot({ path: `${pictures}/${name}.png` });
  /** Calls a tool through the REST facade. */
  const call = async (token: string, tool: string, params: Record<string, unknown>) => {
    const response = await fetch(`${service.url}/mcp/execute-tool`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ tool, params }),
    });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${tool}: ${response.status} ${JSON.stringify(body)}`);
    return Result.parse(body).result;
  };

  /** Connects an agent for Ana: she signs in and allows what is ticked. */
  const connect = async (): Promise<string> => {
    const client = await OAuthClient.registered(service.url, {
      client_name: 'Cloud housekeeper',
      redirect_uris: [callback.uri],
    });
    const asked = { scope: 'tag:read tag:write', redirect_uri: callback.uri };
    await ana.goto(client.authorizeUrl(asked));
    await picture(ana, 'sign-in');
    await ana.getByRole('button', { name: 'Ana the analyst' }).click();
    expect(await ana.textContent('h1')).toBe('Allow an app on this computer to act for you?');
    expect(await ana.isChecked('input[value="tag:read"]')).toBe(true);
    expect(await ana.isChecked('input[value="tag:write"]')).toBe(false);
    await ana.check('input[value="tag:write"]');
    await picture(ana, 'consent');
    await ana.getByRole('button', { name: 'Allow what is ticked' }).click();
    await ana.waitForURL(`${callback.uri}*`);
    const { json } = await client.redeem(callback.code, { redirect_uri: callback.uri });
    return Tokens.parse(json).access_token;
  };

  it('goes from an agent’s wish to countersigned tags, and nobody agrees with themselves', async () => {
    const token = await connect();
    const found = z
      .looseObject({ resources: z.array(z.looseObject({ arn: z.string() })) })
      .parse(await call(token, 'find_untagged_resources', { resource_types: ['s3:bucket'] }));
    const arns = found.resources.slice(0, 8).map(({ arn }) => arn);
    expect(arns.length).toBeGreaterThan(2);
    const request = z.looseObject({ request_id: z.string(), approval_url: z.string() }).parse(
      await call(token, 'bulk_tag_resources', {
        resource_arns: arns,
        tags: { CostCenter: 'Finance', Owner: 'storage@example.com' },
        reason: 'Finance closes the quarter on Monday and needs these buckets charged.',
      }),
    );

    await ana.goto(request.approval_url);
    expect(await ana.getByRole('button', { name: 'Withdraw' }).count()).toBe(1);
    expect(await ana.getByRole('button', { name: 'Approve and apply' }).count()).toBe(0);

    await ben.goto(request.approval_url);
    await ben.getByRole('button', { name: 'Ben the approver' }).click();
    await ben.waitForURL(request.approval_url);
    expect(await ben.textContent('.about')).toContain('calls itself “Cloud housekeeper”');
    await picture(ben, 'approval');
    await ben.getByRole('button', { name: 'Deny' }).click();
    expect(await ben.textContent('[role=alert]')).toContain('say why you deny the change');
    await ben.getByLabel('Comment').fill('Agreed with finance.');
    await ben.getByRole('button', { name: 'Approve and apply' }).click();
    await ben.waitForURL('**/operations/*?answered=1');
    expect(await ben.textContent('[role=status]')).toContain(
      `${arns.length} of ${arns.length} resources were changed.`,
    );
    expect(await ben.textContent('.timeline')).toContain('Agreed with finance.');
    await picture(ben, 'operation');

    expect(await call(token, 'get_operation', { operation_id: request.request_id })).toMatchObject({
      status: 'applied',
    });
  });

  it('shows compliance over time, and what one asked for', async () => {
    await ana.goto(`${service.url}/compliance`);
    expect(await ana.locator('.plot .dot').count()).toBeGreaterThan(0);
    await picture(ana, 'compliance');
    await ana.getByRole('link', { name: 'Operations', exact: true }).click();
    expect(await ana.locator('.item .badge').first().textContent()).toContain('Applied');
    await ana.getByRole('button', { name: 'Sign out' }).click();
    await ana.waitForURL(`${service.url}/`);
    await ana.goto(`${service.url}/approvals`);
    expect(new URL(ana.url()).pathname).toBe('/sign-in');
  });
});
