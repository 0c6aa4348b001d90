/**
 * The application of whoever owns the marketing accounts: it calls the facade behind the authorizer with its own key and its person's
 * Google token, has the person confirm, and is told of each operation by a signed webhook.
 */
import { createRemoteJWKSet } from 'jose';
import { z } from 'zod';
import { createDecide } from '../../authorizer/decide.ts';
import { request as gatewayRequest, secretArn } from '../../authorizer/testing/scene.ts';
import { parseAuthorizerEnvironment } from '../../contracts/authorizer-environment.ts';
import type { Person } from '../../service/src/auth/caller.ts';
import { adsArea } from '../../service/src/packs/marketing/sandbox/ads/index.ts';
import { startStandIn } from '../../service/src/packs/marketing/sandbox/stand-in.ts';
import { startOutsideIssuer } from '../../service/test/rigs/outside-issuer.ts';
import { openLocalReceivers, refusalOfMessage, webhookSecret } from '../../service/test/rigs/receivers.ts';
import { startService } from '../../service/test/rigs/service.ts';
import { freePort } from '../../service/test/servers/server.ts';

const [account, budget] = ['1234567890', '501'];
const apiKey = 'the-application-and-nobody-else';
const googleToken = 'demo-token';
const Event = z.looseObject({ type: z.string() });

const port = await freePort();
const audience = `http://localhost:${port}/mcp`;
const [issuer, google] = await Promise.all([
  startOutsideIssuer(audience, ['marketing'], () => new Date()),
  startStandIn([await adsArea({})], () => new Date()),
]);

const application = await openLocalReceivers(
  () => new Date(),
  () => performance.now(),
);
/** What the application was told, of messages whose signature holds. */
const told = (): z.infer<typeof Event>[] =>
  application.asked
    .filter((asked) => refusalOfMessage(asked, new Date()) === undefined)
    .map(({ body }) => Event.parse(JSON.parse(body)));

const service = await startService({
  publicUrl: `http://localhost:${port}`,
  environment: {
    TOOL_PACKS: 'marketing',
    MARKETING: 'google',
    GOOGLE_URL: google.url,
    CRUX_API_KEY: 'a key',
    GOOGLE_ADS_CONFIRM_UP_TO: 'USD:200',
    CONFIRM_BY_TOOL: 'true',
    AUTH_ISSUER: issuer.url,
    AUTH_JWKS_URL: issuer.keys,
    SSO_ISSUER: issuer.url,
    SSO_CLIENT_ID: 'pages',
    SSO_CLIENT_SECRET: 'a secret of the test',
    ROLE_MAP: JSON.stringify({ marketers: ['marketing:analyst'], managers: ['marketing:approver'] }),
    NOTICE_CHANNELS: JSON.stringify({
      channels: [
        {
          name: 'application',
          topics: ['waiting', 'outcomes', 'applied'],
          reads: ['marketing:read', 'marketing:approve'],
          webhook: `${application.url}/hooks/operations`,
          secrets: [webhookSecret],
        },
      ],
    }),
  },
});

const decide = createDecide({
  config: parseAuthorizerEnvironment({
    ISSUER: issuer.url,
    AUDIENCE: audience,
    ALGORITHMS: 'ES256',
    TOKEN_TYPE: 'at+jwt',
    API_KEY_HEADER: 'x-platform-api-key',
    API_KEYS_SECRET: secretArn('caller-api-keys'),
    EMPLOYEE_CLAIM: 'custom:employeeId',
    EMPLOYEE_PREFIX: 'EMP-',
  }),
  key: createRemoteJWKSet(new URL(issuer.keys)),
  now: () => Date.now(),
  read: async () => JSON.stringify({ current: apiKey }),
  denied: () => {},
});

const someone = (personId: string): Person => ({
  ...{ personId, name: personId, email: `${personId}@example.com`, roles: [], issuer: issuer.url },
});
const [ana, ben] = [someone('ana'), someone('ben')];
const employee = { groups: ['marketers'], 'custom:employeeId': 'EMP-10042' };

interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Default: Ana. */
  readonly by?: Person;
}

/** Through the authorizer, and where it lets the call through, to the facade. */
const post = async (path: string, body: object, { headers, claims, by = ana }: Asking = {}) => {
  const sent = {
    'x-platform-api-key': apiKey,
    'x-google-oauth-token': googleToken,
    authorization: `Bearer ${await issuer.sign(by, claims ?? employee)}`,
    ...headers,
  };
  const { isAuthorized } = await decide(gatewayRequest(sent, `POST ${path}`));
  if (!isAuthorized) return { status: 403, json: {} as Record<string, never> };
  const answer = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...sent },
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: Answer.parse(await answer.json()) };
};
const Answer = z.looseObject({
  result: z.looseObject({}).optional(),
  operation: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});
const updateBudget = (newDailyAmount: string, asking?: Asking) =>
  post(
    '/mcp/execute-tool',
    {
      tool: 'update_budget',
      params: { customerId: account, budgetId: budget, newDailyAmount, reason: 'More shoes for the season' },
    },
    asking,
  );
const until = async (holds: () => boolean): Promise<void> => {
  const end = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`the application was told ${JSON.stringify(told())}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

afterAll(async () => {
  expect(service.faults()).toEqual([]);
  await service.stop();
  application.close();
  await Promise.all([google.close(), issuer.stop()]);
});

it('is let in with its key, and only for people with an employee number', async () => {
  expect(
    (await updateBudget('110', { headers: { 'x-platform-api-key': 'another key of the same kind' } })).status,
  ).toBe(403);
  expect((await updateBudget('110', { claims: { groups: ['marketers'] } })).status).toBe(403);
  expect(google.calls).toEqual([]);
});

it('reaches no account that was not approved for its person, and Google is not asked', async () => {
  const { json } = await updateBudget('110');
  expect(json.error).toMatchObject({ code: 'account_not_authorized' });
  expect(google.calls).toEqual([]);
  const given = { approvedBy: 'ben@example.com', approvedAt: new Date().toISOString(), status: 'ACTIVE' };
  await service.running.state.tables.insert('approved-accounts', {
    ...{ userId: ana.personId, accountKey: `GoogleAds:${account}`, api: 'GoogleAds', accountId: account },
    ...given,
  });
});

it('is told what is lacking without the Google token', async () => {
  const { json } = await updateBudget('110', { headers: { 'x-google-oauth-token': '' } });
  expect(json.error).toMatchObject({ code: 'credentials_required' });
});

it('asks its person, confirms, and is told that it was applied', async () => {
  const { json } = await updateBudget('110');
  expect(json.result).toMatchObject({ status: 'awaiting-confirmation' });
  const operation_id = String(json.result?.operation_id);
  // What the application shows its person, and the hash of just that.
  const shown = (await post('/mcp/execute-tool', { tool: 'get_operation', params: { operation_id } })).json.result;
  expect(JSON.stringify(shown)).toContain('110');
  expect((await post('/mcp/confirm-operation', { operation_id })).json.error?.code).toBe('invalid_input');
  const confirmed = await post('/mcp/confirm-operation', { operation_id, approval_hash: shown?.approval_hash });
  expect(confirmed.json.operation ?? confirmed.json.result).toMatchObject({ status: 'applied' });
  await until(() => told().some(({ type }) => type === 'operation.applied'));
  expect(JSON.stringify(told())).toContain(operation_id);
  expect(JSON.stringify(told()) + service.log.join('')).not.toContain(googleToken);
});

it('is told of what waits for a manager, and carries it out with its person’s token once the manager has agreed', async () => {
  const { json } = await updateBudget('300');
  const operation_id = String(json.result?.operation_id);
  expect(json.result).toMatchObject({ status: 'awaiting-countersign' });
  await until(() =>
    told().some((event) => event.type === 'operation.waiting' && JSON.stringify(event).includes(operation_id)),
  );
  const shown = (await post('/mcp/execute-tool', { tool: 'get_operation', params: { operation_id } })).json.result;
  const refused = await post('/mcp/confirm-operation', { operation_id, approval_hash: shown?.approval_hash });
  expect(refused.json.error?.code).toBe('access_denied');
  const manager = { by: ben, claims: { ...employee, groups: ['managers'] } };
  const answer = { operation_id, action: 'approve', approval_hash: shown?.approval_hash };
  expect((await post('/mcp/confirm-operation', answer, manager)).json.operation).toMatchObject({ status: 'approved' });
  // Nobody's token but Ana's writes it: it waits for a request of hers.
  expect((await post('/mcp/confirm-operation', { operation_id })).json.operation).toMatchObject({ status: 'applied' });
});
