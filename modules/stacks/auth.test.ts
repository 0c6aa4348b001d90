import { customImage } from '../testing/custom-image.ts';
import { primaryDeploymentOf, type Synthesized, synthesized } from '../testing/synthesized.ts';
import { AuthLayer } from './auth.ts';
import type { DeploymentTarget } from './deployment.ts';
import type { AuthOutputs } from './outputs.ts';

const build = async (name: string, changes: Record<string, unknown> = {}, target?: DeploymentTarget) => {
  const deployment = await primaryDeploymentOf(name, changes);
  const kept: { outputs: AuthOutputs } = { outputs: {} };
  const made: Synthesized = synthesized((stack) => {
    kept.outputs = new AuthLayer(stack, 'auth', {
      deployment: target ? { ...deployment, target } : deployment,
      storage: { keys: {}, buckets: { data: { name: 'data', arn: 'arn:aws:s3:::data' } }, secrets: {} },
      domain: {},
    }).outputs;
  });
  return { made, outputs: kept.outputs };
};

describe('auth cognito', () => {
  it('signs people in at a pool made here, and brings them back to Countersign', async () => {
    const { made, outputs } = await build('prod');
    expect(made.one('aws_cognito_user_pool_client')).toMatchObject({
      callback_urls: ['https://mcp.example.com/sign-in/callback'],
      logout_urls: ['https://mcp.example.com/'],
      allowed_oauth_scopes: ['openid', 'email', 'profile'],
    });
    expect(made.one('aws_cognito_user_pool')).toMatchObject({
      name: 'countersign-prod-user-pool',
      deletion_protection: 'ACTIVE',
      mfa_configuration: 'ON',
      user_pool_tier: 'PLUS',
    });
    expect(made.one('aws_cognito_user_pool_domain')).toMatchObject({ domain: 'countersign-prod-111122223333' });
    expect(outputs.issuer).toContain('https://cognito-idp.us-east-1.amazonaws.com/');
    expect(Object.keys(outputs).toSorted()).toEqual(['clientId', 'issuer', 'userPool']);
  });

  it('is gentler in dev', async () => {
    expect((await build('dev')).made.one('aws_cognito_user_pool')).toMatchObject({
      deletion_protection: 'INACTIVE',
      mfa_configuration: 'OPTIONAL',
      user_pool_tier: 'ESSENTIALS',
    });
  });

  it('an image of somebody else: the attributes of people, and tokens that may read', async () => {
    const { made } = await build('examples/marketing/prod', customImage);
    const { allowed_oauth_scopes: scopes, read_attributes: read } = made.one('aws_cognito_user_pool_client');
    expect(read).toEqual(expect.arrayContaining(['custom:employeeId', 'custom:agency', 'custom:role']));
    const own = (scopes as string[]).filter((scope) => scope.includes('/'));
    expect(own).toEqual([expect.stringMatching(/identifier}\/tag:read$/)]);
  });

  it('alerts: an identity pool for the data bucket, attached where AWS is real', async () => {
    const { made, outputs } = await build('examples/alerts/prod');
    expect(outputs.identityPoolId).toBeDefined();
    expect(made.all('aws_cognito_identity_pool_roles_attachment')).not.toEqual({});
    const emulator: DeploymentTarget = { kind: 'emulator', url: 'http://localhost:1', stateFolder: '.' };
    const emulated = (await build('examples/alerts/prod', {}, emulator)).made;
    expect(emulated.all('aws_cognito_identity_pool')).not.toEqual({});
    for (const absent of ['aws_cognito_identity_pool_roles_attachment', 'aws_cloudcontrolapi_resource'])
      expect(emulated.all(absent)).toEqual({});
  });

  it('goes through the company’s own provider where its metadata is given', async () => {
    const metadata = 'https://login.example.com/metadata.xml';
    const { made } = await build('dev', {
      cognito_saml_metadata_url: metadata,
      cognito_callback_urls: ['https://app.example.com/in'],
    });
    expect(made.one('aws_cognito_identity_provider')).toMatchObject({ provider_details: { MetadataURL: metadata } });
    expect(made.one('aws_cognito_user_pool_client')).toMatchObject({
      callback_urls: ['https://app.example.com/in'],
      supported_identity_providers: [expect.stringContaining('provider_name')],
    });
  });
});

describe('other providers', () => {
  it('sso: nothing is made, and the settings say who it is', async () => {
    const { made, outputs } = await build('examples/tag-governance/prod');
    expect(made.addresses).toEqual([]);
    expect(outputs).toEqual({ issuer: 'https://login.example.com', clientId: 'tagging-mcp-prod' });
  });

  it('issuer and none: nothing is made', async () => {
    const issuer = { container: 'custom', auth: 'issuer', auth_issuer: 'https://login.example.com' };
    expect(await build('dev', issuer)).toMatchObject({
      made: { addresses: [] },
      outputs: { issuer: 'https://login.example.com' },
    });
    const { made, outputs } = await build('examples/market-data/dev');
    expect([made.addresses, outputs]).toEqual([[], {}]);
  });
});
