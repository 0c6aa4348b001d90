/** The first story with the service as a Lambda function: its bundle, real events of an HTTP API, DynamoDB. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { bundleFunctions } from '../../../scripts/build-functions.ts';
import { createDynamoTables } from '../../src/stores/dynamodb/create.ts';
import { ModernAgent } from '../rigs/clients.ts';
import { type FunctionProcess, type HttpApi, startFunction, startHttpApi } from '../rigs/http-api.ts';
import { Person } from '../rigs/person.ts';
import { RestAgent } from '../rigs/rest.ts';
import { walk } from '../rigs/spine.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import { startProxy } from '../servers/proxy.ts';
import type { TestServer } from '../servers/server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const Json = z.record(z.string(), z.unknown());
const region = 'us-east-1';
const keyOf = (arn: string, key = 'encryption_key') => JSON.stringify({ ENCRYPTION_KEY: `${arn}:${key}` });

await describeWith(['moto_server'], 'the service as a function', () => {
  let folder: string;
  let moto: TestServer;
  let api: HttpApi;
  let running: FunctionProcess;
  let variables: Record<string, string>;
  let secret: string;
  const started: { stop: () => Promise<void> }[] = [];
  const begun = <T extends { stop: () => Promise<void> }>(server: T): T => {
    started.push(server);
    return server;
  };
  const bundle = () => join(folder, 'service', 'lambda.js');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-function-'));
    moto = begun(await startMoto());
    api = begun(await startHttpApi());
    await Promise.all([
      bundleFunctions(folder),
      createDynamoTables({ prefix: 'countersign-', region, endpoint: moto.url }),
    ]);
    const proxy = begun(await startProxy(moto.url));
    const secrets = new SecretsManagerClient({ region, endpoint: moto.url });
    const SecretString = JSON.stringify({ encryption_key: 'a key for tests, long enough to be one' });
    const { ARN = '' } = await secrets.send(new CreateSecretCommand({ Name: 'countersign/test/keys', SecretString }));
    secret = ARN;
    secrets.destroy();
    variables = {
      AWS_REGION: region,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: moto.url,
      STORE: 'dynamodb',
      DYNAMODB_ENDPOINT: proxy.url,
      PUBLIC_URL: api.url,
      METRICS_FORMAT: 'emf',
      SECRETS_FROM: keyOf(secret),
      LOOP_CALLS: '1000000',
    };
    running = begun(await startFunction(bundle(), variables));
    api.serve(running);
  }, 120_000);
  afterAll(async () => {
    // Also what was started before something failed to.
    for (const { stop } of started.toReversed()) await stop();
    await rm(folder, { recursive: true });
  });

  it('says where to sign in, in metadata and in a challenge', async () => {
    const metadata = await fetch(`${api.url}/.well-known/oauth-protected-resource/mcp`);
    expect(Json.parse(await metadata.json())).toMatchObject({
      resource: `${api.url}/mcp`,
      authorization_servers: [api.url],
    });
    const refused = await fetch(`${api.url}/mcp`, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('x-amzn-remapped-www-authenticate')).toContain('resource_metadata=');
  });

  it('carries a person through sign-in, consent, cookies and redirects, and a change through its whole life', async () => {
    const ben = new Person('ben');
    const agent = await RestAgent.connect(api.url, new Person('ana'));
    await walk({ agent, countersign: (_id, approvalUrl) => ben.answer(approvalUrl, 'approve') });
  }, 60_000);

  it.each(['modern', 'legacy'] as const)(
    'serves MCP clients of the %s era, which find the metadata by themselves',
    async (era) => {
      const agent = await ModernAgent.connect(api.url, new Person('vera'), { era });
      expect(await agent.tools()).toContain('check_tag_compliance');
      const found: number[] = [];
      const answer = await agent.ask((client) =>
        client.callTool(
          { name: 'check_tag_compliance', arguments: {} },
          { onprogress: ({ progress }) => void found.push(progress) },
        ),
      );
      expect(answer.structuredContent).toMatchObject({ data_quality: { status: 'complete' } });
      await agent.close();
    },
  );

  it('answers a subscription, which would never end, with a refusal', async () => {
    const agent = await RestAgent.connect(api.url, new Person('vera'));
    const started = performance.now();
    const response = await fetch(`${api.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${agent.rest.tokens.access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: {
          notifications: { toolsListChanged: true },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    });
    expect(await response.text()).toContain('Subscription limit reached');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('keeps commas and repetitions of a query', async () => {
    const query = 'state=a,b&state=c&redirect_uri=http://127.0.0.1/,x';
    const page = await fetch(`${api.url}/sign-in?return_to=${encodeURIComponent(`/approvals?${query}`)}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('a,b');
  });

  it('has written its log and metrics by the time it answers', async () => {
    const before = running.output().length;
    await fetch(`${api.url}/ready?once`);
    const answered = running.output().slice(before);
    expect(answered).toContain('"RequestCount"');
    expect(answered).not.toContain('"level":"error"');
    expect(running.output()).not.toContain('long enough to be one');
  });

  it('takes over in another process what the first one left', async () => {
    const second = await startFunction(bundle(), variables);
    api.serve(second);
    const agent = await RestAgent.connect(api.url, new Person('vera'));
    expect(await agent.tools()).toContain('check_tag_compliance');
    api.serve(running);
    await second.stop();
  });

  it.each([
    ['without its secrets', () => ({ SECRETS_FROM: '' }), /ENCRYPTION_KEY is required/],
    [
      'with a secret that is not there',
      () => ({ SECRETS_FROM: keyOf(`${secret}x`) }),
      /cannot be read.*ENCRYPTION_KEY/,
    ],
    ['with a key its secret lacks', () => ({ SECRETS_FROM: keyOf(secret, 'none') }), /cannot be read.*ENCRYPTION_KEY/],
    ['on a store in a folder', () => ({ STORE: 'embedded' }), /STORE must be dynamodb or postgres/],
  ])('does not start %s, and says why', async (_, changes, message) => {
    await expect(startFunction(bundle(), { ...variables, ...changes() })).rejects.toThrow(message);
  });
});
