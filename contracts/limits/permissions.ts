/** Roles, policies, and those who sign in. */
import {
  advised,
  assumedAccountSettings,
  characters,
  cited,
  items,
  number,
  text,
  writtenRegionSettings,
} from './limit.ts';

const role = { min: 1, max: 64, pattern: /^[\w+=,.@-]*$/, be: 'letters, digits and _ + = , . @ -' };
const policyName = { ...role, max: 128 };
const latin = {
  max: 1000,
  pattern: /^[\t\n\r\x20-\x7e\u00a1-\u00ff]*$/,
  be: 'characters of Latin-1, without typographic quotes, dashes and dots',
};
const poolName = { min: 1, max: 128, pattern: /^[\w\s+=,.@-]*$/, be: 'letters, digits, spaces and _ + = , . @ -' };
const printed = { pattern: /^[\x21\x23-\x5b\x5d-\x7e]*$/, be: 'ASCII characters other than spaces, quotes and \\' };
const quotas = 'IAM/latest/UserGuide/reference_iam-quotas.html';
const cognito = 'cognito-user-identity-pools/latest/APIReference';
const grown = [
  'table_prefix',
  'secret_prefix',
  ...assumedAccountSettings,
  ...writtenRegionSettings,
  'queues',
  'container_secrets',
  'tool_packs',
  'task_grants',
] as const;

export const permissionLimits = [
  ...cited(
    'IAM/latest/APIReference/API_CreateRole.html',
    text('aws_iam_role.name', 'the name of a role', role, 'names.task-role'),
    text('aws_iam_role.description', 'the description of a role', latin, 'github_repository'),
    number('aws_iam_role.max_session_duration', 'the length of a session', { min: 3600, max: 43_200 }),
  ),
  ...cited(
    'IAM/latest/APIReference/API_CreateInstanceProfile.html',
    text('aws_iam_instance_profile.name', 'the name of an instance profile', policyName, 'names.task-role'),
  ),
  ...cited(
    'IAM/latest/APIReference/API_CreatePolicy.html',
    text('aws_iam_policy.name', 'the name of a policy', policyName),
    text('aws_iam_policy.description', 'the description of a policy', latin),
  ),
  ...cited(
    'IAM/latest/APIReference/API_PutRolePolicy.html',
    text('aws_iam_role_policy.name', 'the name of a policy', policyName),
  ),
  ...cited(
    'IAM/latest/UserGuide/reference_policies_elements_sid.html',
    text('aws_iam_policy_document.statement.sid', 'the sid of a statement', {
      pattern: /^[a-zA-Z0-9]*$/,
      be: 'letters and digits',
    }),
  ),
  ...cited(
    quotas,
    characters('aws_iam_role_policy.policy per role', 'all policies inside a role', 10_240, ...grown),
    characters('aws_iam_policy.policy', 'a policy of its own', 6144, ...grown),
    advised(
      'AWS raises this quota to 4,096 on request, which the check does not count on.',
      characters('aws_iam_role.assume_role_policy', 'who may take a role', 2048, 'github_repository', 'github_branch'),
    ),
    items('aws_iam_role_policy_attachment per role', 'policies attached to a role', { max: 10 }, ...grown),
    items('aws_iam_openid_connect_provider.client_id_list', 'clients of an identity provider', { max: 100 }),
  ),
  ...cited(
    `${cognito}/API_CreateUserPool.html`,
    text('aws_cognito_user_pool.name', 'the name of a user pool', poolName, 'names.user-pool'),
    text('aws_cognito_user_pool.schema.name', 'the name of an attribute', { min: 1, max: 20 }, 'cognito_attributes'),
    items('aws_cognito_user_pool.schema', 'custom attributes of a user pool', { max: 50 }, 'cognito_attributes'),
  ),
  ...cited(
    `${cognito}/API_CreateUserPoolClient.html`,
    text('aws_cognito_user_pool_client.name', 'the name of a client', poolName),
    text(
      'aws_cognito_user_pool_client.callback_urls',
      'an address to return to',
      { min: 1, max: 1024, pattern: /^[^#\s]*$/, be: 'an address without a fragment' },
      'cognito_callback_urls',
    ),
    items(
      'aws_cognito_user_pool_client.callback_urls',
      'addresses to return to',
      { max: 100 },
      'cognito_callback_urls',
    ),
    items(
      'aws_cognito_user_pool_client.logout_urls',
      'addresses to return to after signing out',
      { max: 100 },
      'cognito_callback_urls',
    ),
    items('aws_cognito_user_pool_client.allowed_oauth_scopes', 'scopes of a client', { max: 50 }),
  ),
  ...cited(
    'cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html',
    text(
      'aws_cognito_user_pool_domain.domain',
      'the prefix of a sign-in page',
      {
        min: 1,
        max: 63,
        pattern: /^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
        be: 'lower-case letters, digits and hyphens, with no hyphen at either end, and without aws, amazon or cognito in it',
      },
      'cognito_domain_prefix',
    ),
  ),
  ...cited(
    `${cognito}/API_CreateResourceServer.html`,
    text('aws_cognito_resource_server.name', 'the name of a resource server', { ...poolName, max: 256 }),
    text('aws_cognito_resource_server.identifier', 'a resource server', { min: 1, max: 256, ...printed }),
    items('aws_cognito_resource_server.scope', 'scopes of a resource server', { max: 100 }),
    text('aws_cognito_resource_server.scope.scope_name', 'the name of a scope', { min: 1, max: 256, ...printed }),
    text('aws_cognito_resource_server.scope.scope_description', 'the description of a scope', { min: 1, max: 256 }),
  ),
  ...cited(
    `${cognito}/API_CreateGroup.html`,
    text('aws_cognito_user_group.name', 'the name of a group', {
      min: 1,
      max: 128,
      pattern: /^\S*$/,
      be: 'characters other than spaces',
    }),
    text('aws_cognito_user_group.description', 'the description of a group', { max: 2048 }),
  ),
  ...cited(
    `${cognito}/API_CreateIdentityProvider.html`,
    text('aws_cognito_identity_provider.provider_name', 'the name of an identity provider', {
      min: 1,
      max: 32,
      pattern: /^[^_\s]*$/,
      be: 'characters other than spaces and _',
    }),
  ),
  ...cited(
    'cognitoidentity/latest/APIReference/API_CreateIdentityPool.html',
    text('aws_cognito_identity_pool.identity_pool_name', 'the name of an identity pool', poolName),
  ),
];
