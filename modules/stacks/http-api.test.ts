import { parseAuthorizerEnvironment } from '../../contracts/authorizer-environment.ts';
import { customImage } from '../testing/custom-image.ts';
import { type Block, primaryDeploymentOf, type Synthesized, synthesized } from '../testing/synthesized.ts';
import { HttpApiFront, type HttpApiFrontProps } from './http-api.ts';
import type { AuthOutputs, NetworkOutputs, StorageOutputs } from './outputs.ts';

const keysArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:marketing-mcp/caller-api-keys-AbCdEf';
const storage: StorageOutputs = { keys: {}, buckets: {}, secrets: { 'caller-api-keys': keysArn } };
const network: NetworkOutputs = {
  vpcId: 'vpc-1',
  publicSubnets: { 'us-east-1a': 'subnet-public' },
  privateSubnets: { 'us-east-1a': 'subnet-private' },
  databaseSubnets: {},
  securityGroups: { vpcLink: 'sg-link' },
};
const pool = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool';
const auth: AuthOutputs = { issuer: pool, clientId: 'client' };
const hash = 'a'.repeat(64);

const made = async (
  environment: string,
  changes: Record<string, unknown> = {},
  parts: Partial<HttpApiFrontProps> = {},
): Promise<Synthesized> => {
  const deployment = await primaryDeploymentOf(environment, changes);
  const { shape, settings } = deployment;
  return synthesized((stack) => {
    new HttpApiFront(stack, 'api', {
      deployment,
      network,
      storage,
      domain: { zoneId: 'Z0123456789', certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1' },
      auth,
      publicUrl: `https://${settings.domain_name}`,
      originHashes: shape.distribution ? JSON.stringify([hash]) : undefined,
      target: shape.containers
        ? { listenerArn: 'arn:aws:elasticloadbalancing:listener' }
        : { functionName: 'service', alias: { name: 'live', invokeArn: 'arn:aws:apigateway:service' } },
      ...parts,
    });
  });
};

const routeKeys = (api: Synthesized) =>
  Object.values(api.all('aws_apigatewayv2_route')).map(({ route_key }) => route_key);
/** What the authorizer is told, as it reads it. */
const rulesOf = (api: Synthesized) => {
  const { variables } = api.one('aws_lambda_function').environment as { variables: Record<string, string> };
  return parseAuthorizerEnvironment(variables);
};
const policyOf = ({ data }: Synthesized) =>
  Object.values(data('aws_iam_policy_document')).flatMap(({ statement }) => statement as Block[]);

describe('its routes', () => {
  it('are all behind an API Gateway alone, and with a function behind the edge', async () => {
    expect(routeKeys(await made('dev'))).toEqual(
      expect.arrayContaining(['ANY /mcp', 'GET /', 'POST /mcp/execute-tool']),
    );
    expect(routeKeys(await made('examples/startup/prod'))).toContain('ANY /mcp');
  });

  it('are the facade’s where the load balancer has the others, and for an image that is not ours', async () => {
    for (const api of [
      await made('staging'),
      await made('examples/marketing/prod'),
      await made('examples/marketing/dev', customImage),
    ])
      expect(routeKeys(api)).toHaveLength(5);
  });
});

describe('what the authorizer checks', () => {
  it('is Countersign’s own tokens, whoever signs people in', async () => {
    expect(rulesOf(await made('dev'))).toMatchObject({
      ISSUER: 'https://mcp.dev.example.com',
      JWKS_URL: 'https://mcp.dev.example.com/oauth/jwks',
      AUDIENCE: 'https://mcp.dev.example.com/mcp',
      ALGORITHMS: ['ES256'],
      TOKEN_TYPE: 'at+jwt',
      SCOPES: 'token',
    });
  });

  it('is Cognito’s ID tokens for an image that is not ours, the caller’s key and the employee rule', async () => {
    const rules = rulesOf(await made('examples/marketing/prod', customImage));
    expect(rules).toMatchObject({
      ISSUER: pool,
      JWKS_URL: `${pool}/.well-known/jwks.json`,
      AUDIENCE: 'client',
      ALGORITHMS: ['RS256'],
      TOKEN_USE: 'id',
      SCOPES: 'none',
      API_KEY_HEADER: 'x-platform-api-key',
      API_KEYS_SECRET: keysArn,
      EMPLOYEE_CLAIM: 'custom:employeeId',
      EMPLOYEE_PREFIX: 'EMP-',
      ORIGIN_VERIFY_HASHES: [hash],
    });
    expect(rules.CLAIMS.toSorted()).toEqual([
      'agency=custom:agency',
      'employeeId=custom:employeeId',
      'role=custom:role',
    ]);
  });

  it('is our own tokens for our image, with the employee rule on a claim that they copy', async () => {
    expect(rulesOf(await made('examples/marketing/prod'))).toMatchObject({
      ISSUER: 'https://mcp.marketing.example.com',
      SCOPES: 'token',
      EMPLOYEE_CLAIM: 'custom:employeeId',
      EMPLOYEE_PREFIX: 'EMP-',
    });
  });

  it.each([
    ['sso', { sso_issuer: 'https://login.example.com', sso_client_id: 'marketing' }, 'marketing', 'none'],
    [
      'issuer',
      { auth_issuer: 'https://login.example.com', token_audience: 'https://api.marketing.example.com' },
      'https://api.marketing.example.com',
      'token',
    ],
  ])('is a company’s tokens with auth %s, whose keys its metadata names', async (mode, changes, audience, scopes) => {
    const own = { ...customImage, auth: mode, cognito_attributes: [], ...changes };
    const given = { issuer: 'https://login.example.com', clientId: 'marketing' };
    const rules = rulesOf(await made('examples/marketing/dev', own, { auth: given }));
    expect(rules).toMatchObject({ ISSUER: 'https://login.example.com', AUDIENCE: audience, SCOPES: scopes });
    expect(rules.JWKS_URL).toBeUndefined();
  });

  it('takes no more of its role than its log and those keys', async () => {
    const actions = (api: Synthesized) => policyOf(api).flatMap((statement) => statement.actions as string[]);
    expect(actions(await made('examples/marketing/prod')).toSorted()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'sts:AssumeRole',
    ]);
    expect(actions(await made('dev'))).not.toContain('secretsmanager:GetSecretValue');
  });

  it('is nothing where an image checks callers itself', async () => {
    const api = await made('examples/marketing/dev', {
      ...customImage,
      auth: 'none',
      cognito_attributes: [],
      api_key_required: false,
      employee_claim: undefined,
      employee_prefix: undefined,
    });
    expect(api.all('aws_lambda_function')).toEqual({});
    expect(api.all('aws_apigatewayv2_authorizer')).toEqual({});
  });
});

describe('what it is made of', () => {
  it('follows the marketing server’s figures', async () => {
    const api = await made('examples/marketing/dev');
    expect(api.one('aws_apigatewayv2_api')).toMatchObject({
      name: 'marketing-mcp-api',
      cors_configuration: {
        allow_origins: ['https://app.marketing.example.com'],
        allow_methods: ['GET', 'POST'],
        allow_headers: expect.arrayContaining(['authorization', 'content-type', 'x-platform-api-key']),
        max_age: 3600,
      },
    });
    expect(api.one('aws_apigatewayv2_stage')).toMatchObject({
      default_route_settings: { throttling_rate_limit: 10_000, throttling_burst_limit: 5000 },
    });
    for (const integration of Object.values(api.all('aws_apigatewayv2_integration')))
      expect(integration.timeout_milliseconds).toBe(29_000);
    expect(api.one('aws_lambda_function')).toMatchObject({
      function_name: 'marketing-mcp-authorizer',
      memory_size: 256,
      timeout: 5,
    });
    expect(api.one('aws_apigatewayv2_domain_name').domain_name).toBe('mcp-dev.marketing.example.com');
    expect(api.one('aws_route53_record')).toMatchObject({ name: 'mcp-dev.marketing.example.com', type: 'A' });
  });

  it('has the API’s own name behind the edge, and its logs end with the setting', async () => {
    const api = await made('examples/startup/prod');
    expect(api.one('aws_apigatewayv2_domain_name').domain_name).toBe('api-mcp.startup.example.com');
    for (const group of Object.values(api.all('aws_cloudwatch_log_group'))) expect(group.retention_in_days).toBe(30);
    expect(api.all('aws_apigatewayv2_vpc_link')).toEqual({});
    expect(api.one('aws_lambda_function').architectures).toEqual(['arm64']);
  });

  it('reaches a private load balancer from the private subnets, under the name of its certificate', async () => {
    const api = await made('dev');
    expect(api.one('aws_apigatewayv2_vpc_link')).toMatchObject({
      subnet_ids: ['subnet-private'],
      security_group_ids: ['sg-link'],
    });
    for (const integration of Object.values(api.all('aws_apigatewayv2_integration')))
      expect(integration.tls_config).toEqual({ server_name_to_verify: 'mcp.dev.example.com' });
  });
});
