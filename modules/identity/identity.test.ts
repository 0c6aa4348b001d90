import { offeredRoles, offeredScopes } from '../../contracts/scopes.ts';
import { decide, rulesOf } from '../testing/policy.ts';
import { synthesized } from '../testing/synthesized.ts';
import { Company } from './company.ts';
import { IdentityPool, type IdentityPoolProps } from './identity-pool.ts';
import { SignIn, type SignInProps } from './sign-in.ts';
import { UserPool, type UserPoolProps } from './user-pool.ts';

const people = (changes: Partial<UserPoolProps> = {}) =>
  synthesized(
    (stack) =>
      new UserPool(stack, 'people', {
        packs: ['tagging'],
        name: 'marketing-mcp-user-pool',
        deletionProtection: true,
        mfa: 'on',
        threatProtection: true,
        ...changes,
      }),
  );
const pool = (changes: Partial<UserPoolProps> = {}) => people(changes).one('aws_cognito_user_pool');

describe('the user pool', () => {
  it('is protected, invites people, and asks for strong passwords and a second factor', () => {
    expect(pool()).toMatchObject({
      name: 'marketing-mcp-user-pool',
      deletion_protection: 'ACTIVE',
      admin_create_user_config: { allow_admin_create_user_only: true },
      username_attributes: ['email'],
      username_configuration: { case_sensitive: false },
      mfa_configuration: 'ON',
      software_token_mfa_configuration: { enabled: true },
      password_policy: {
        minimum_length: 14,
        require_lowercase: true,
        require_uppercase: true,
        require_numbers: true,
        require_symbols: true,
      },
      user_pool_tier: 'PLUS',
      user_pool_add_ons: { advanced_security_mode: 'ENFORCED' },
    });
  });

  it('takes what is off as off', () => {
    const open = pool({ mfa: 'off', threatProtection: false, deletionProtection: false });
    expect(open).toMatchObject({
      mfa_configuration: 'OFF',
      user_pool_tier: 'ESSENTIALS',
      deletion_protection: 'INACTIVE',
    });
    expect(open).not.toHaveProperty('software_token_mfa_configuration');
    expect(open).not.toHaveProperty('user_pool_add_ons');
    expect(pool({ mfa: 'optional' })).toMatchObject({ mfa_configuration: 'OPTIONAL' });
  });

  it('has the custom attributes, a group of every role and every scope of the contract', () => {
    const made = people({ attributes: ['employeeId', 'agency'] });
    expect(made.one('aws_cognito_user_pool').schema).toMatchObject([
      { name: 'employeeId', attribute_data_type: 'String', mutable: true },
      { name: 'agency' },
    ]);
    const groups = Object.values(made.all('aws_cognito_user_group'));
    expect(groups.map(({ name }) => name).toSorted()).toEqual([...offeredRoles(['tagging'])].toSorted());
    const precedence = new Map(groups.map((group) => [group.name, group.precedence]));
    expect([precedence.get('admin'), precedence.get('viewer')]).toEqual([1, 4]);
    const server = made.one('aws_cognito_resource_server');
    expect(server.identifier).toBe('mcp');
    expect((server.scope as { scope_name: string }[]).map((scope) => scope.scope_name)).toEqual(
      offeredScopes(['tagging']),
    );
  });

  it('keeps its address whatever the code around it becomes', () => {
    expect(people().addresses).toContain('aws_cognito_user_pool.user_pool');
  });
});

const signIn = (changes: Partial<SignInProps> = {}) =>
  synthesized(
    (stack) =>
      new SignIn(stack, 'sign-in', {
        name: 'a-sign-in',
        userPoolId: 'pool',
        region: 'us-east-1',
        domainPrefix: 'a-page',
        callbackUrls: ['https://mcp.example.com/sign-in/callback'],
        logoutUrls: ['https://mcp.example.com/'],
        attributes: ['employeeId'],
        ...changes,
      }),
  );

describe('the sign-in client', () => {
  const client = signIn().one('aws_cognito_user_pool_client');

  it('is public, takes codes only, and its tokens are short', () => {
    expect(client).toMatchObject({
      generate_secret: false,
      allowed_oauth_flows: ['code'],
      allowed_oauth_flows_user_pool_client: true,
      allowed_oauth_scopes: ['openid', 'email', 'profile'],
      callback_urls: ['https://mcp.example.com/sign-in/callback'],
      supported_identity_providers: ['COGNITO'],
      explicit_auth_flows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      enable_token_revocation: true,
      prevent_user_existence_errors: 'ENABLED',
      access_token_validity: 15,
      refresh_token_validity: 12,
      token_validity_units: [{ access_token: 'minutes', id_token: 'minutes', refresh_token: 'hours' }],
    });
  });

  it('tells custom attributes, and lets nobody write their own', () => {
    expect(client.read_attributes).toContain('custom:employeeId');
    expect(client.write_attributes).toEqual(['email', 'name']);
  });

  it('sends people to the company alone, which writes what it knows of them', () => {
    const federated = signIn({ company: 'Company' }).one('aws_cognito_user_pool_client');
    expect(federated.supported_identity_providers).toEqual(['Company']);
    expect(federated.write_attributes).toContain('custom:employeeId');
  });

  it('has a page of managed login, with a style of its own', () => {
    expect(signIn().one('aws_cognito_user_pool_domain')).toMatchObject({ domain: 'a-page', managed_login_version: 2 });
    const style = signIn().one('aws_cloudcontrolapi_resource');
    expect(style.type_name).toBe('AWS::Cognito::ManagedLoginBranding');
    expect(style.desired_state).toContain('UseCognitoProvidedValues');
    expect(signIn({ branded: false }).all('aws_cloudcontrolapi_resource')).toEqual({});
  });
});

describe('the company’s provider', () => {
  it('is read from its metadata, and tells mail, name and the custom attributes', () => {
    const made = synthesized(
      (stack) =>
        new Company(stack, 'company', {
          userPoolId: 'pool',
          metadataUrl: 'https://l.example.com/m',
          attributes: ['agency'],
        }),
    );
    expect(made.one('aws_cognito_identity_provider')).toMatchObject({
      provider_type: 'SAML',
      provider_details: { MetadataURL: 'https://l.example.com/m' },
      attribute_mapping: { email: expect.stringContaining('emailaddress'), 'custom:agency': 'agency' },
    });
  });
});

describe('the identity pool', () => {
  const build = (changes: Partial<IdentityPoolProps> = {}) =>
    synthesized(
      (stack) =>
        new IdentityPool(stack, 'identities', {
          name: 'a-identities',
          region: 'us-east-1',
          userPoolId: 'us-east-1_a',
          clientId: 'client',
          roleName: 'a-identities',
          bucket: { arn: 'arn:aws:s3:::data' },
          ...changes,
        }),
    );

  it('takes the user pool’s people, whose tokens it checks each time', () => {
    expect(build().one('aws_cognito_identity_pool')).toMatchObject({
      allow_unauthenticated_identities: false,
      allow_classic_flow: false,
      cognito_identity_providers: [
        {
          client_id: 'client',
          provider_name: 'cognito-idp.us-east-1.amazonaws.com/us-east-1_a',
          server_side_token_check: true,
        },
      ],
    });
  });

  it('gives each person a folder of their own', () => {
    const rules = rulesOf(build(), 'identities_authenticated_permissions');
    const mine = 'arn:aws:s3:::data/people/$${cognito-identity.amazonaws.com:sub}/a.json';
    expect(decide(rules, { action: 's3:PutObject', resource: mine }).allowed).toBe(true);
    expect(decide(rules, { action: 's3:PutObject', resource: 'arn:aws:s3:::data/alerts/a.json' }).allowed).toBe(false);
    expect(decide(rules, { action: 's3:ListBucket', resource: 'arn:aws:s3:::data' }).allowed).toBe(false);
  });

  it('lets only its own signed-in people take the role', () => {
    expect(rulesOf(build(), 'identities_authenticated_trust')).toMatchObject([
      {
        actions: ['sts:AssumeRoleWithWebIdentity'],
        condition: [
          { variable: 'cognito-identity.amazonaws.com:aud' },
          { test: 'ForAnyValue:StringLike', values: ['authenticated'] },
        ],
      },
    ]);
  });

  it('has a role without any permission for others only when told', () => {
    const roles = (changes: Partial<IdentityPoolProps>) =>
      Object.values(build(changes).all('aws_iam_role')).map(({ name }) => name);
    expect(roles({})).toEqual(['a-identities-authenticated']);
    const open = build({ allowUnauthenticated: true });
    expect(roles({ allowUnauthenticated: true })).toContain('a-identities-unauthenticated');
    expect(Object.values(open.all('aws_iam_role_policy'))).toHaveLength(1);
    expect(Object.keys(open.one('aws_cognito_identity_pool_roles_attachment').roles as object)).toHaveLength(2);
    expect(build({ attached: false }).all('aws_cognito_identity_pool_roles_attachment')).toEqual({});
  });
});
