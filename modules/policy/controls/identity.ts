/** Controls of people, rights, keys and secrets. https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html */
import { inner, isTrue, type Resource, type StackView } from '../view.ts';
import { type Control, on, pairedBy } from './control.ts';
import { isPublic, statementsOf } from './documents.ts';

const decrypts = (action: string): boolean => ['*', 'kms:*', 'kms:Decrypt', 'kms:ReEncryptFrom'].includes(action);
const decryptsAll = ({ block }: Resource, view: StackView): boolean =>
  statementsOf(view, block.policy).some(
    ({ allows, actions, resources, conditions }) =>
      allows && conditions.length === 0 && actions.some(decrypts) && resources.includes('*'),
  );

const pool = 'aws_cognito_user_pool';
const secret = 'aws_secretsmanager_secret';

export const identityControls: readonly Control[] = [
  on('aws_iam_policy', 'IAM.1', 'IAM policies should not allow full "*" administrative privileges', (policy, view) =>
    statementsOf(view, policy.block.policy).every(
      ({ allows, actions, resources }) => !allows || !(actions.includes('*') && resources.includes('*')),
    ),
  ),
  on(
    'aws_iam_policy',
    'IAM.21',
    'IAM customer managed policies that you create should not allow wildcard actions for services',
    (policy, view) =>
      statementsOf(view, policy.block.policy).every(
        ({ allows, actions }) => !allows || actions.every((action) => !action.endsWith(':*') && action !== '*'),
      ),
  ),
  on(
    'aws_iam_policy',
    'KMS.1',
    'IAM customer managed policies should not allow decryption actions on all KMS keys',
    (policy, view) => !decryptsAll(policy, view),
  ),
  on(
    'aws_iam_role_policy',
    'KMS.2',
    'IAM principals should not have IAM inline policies that allow decryption actions on all KMS keys',
    (policy, view) => !decryptsAll(policy, view),
  ),
  on('aws_kms_key', 'KMS.5', 'KMS keys should not be publicly accessible', ({ block }, view) =>
    statementsOf(view, block.policy).every((statement) => !isPublic(statement)),
  ),
  on(
    'aws_cognito_identity_pool',
    'Cognito.2',
    'Cognito identity pools should not allow unauthenticated identities',
    ({ block }) => !isTrue(block.allow_unauthenticated_identities),
  ),
  on(pool, 'Cognito.3', 'Password policies for Cognito user pools should have strong configurations', ({ block }) => {
    const policy = inner(block, 'password_policy');
    const required = ['require_lowercase', 'require_uppercase', 'require_numbers', 'require_symbols'];
    return (
      Number(policy.minimum_length) >= 8 &&
      required.every((name) => isTrue(policy[name])) &&
      Number(policy.temporary_password_validity_days) <= 7
    );
  }),
  on(
    pool,
    'Cognito.4',
    'Cognito user pools should have threat protection activated with full function enforcement mode for custom authentication',
    ({ block }) =>
      inner(inner(block, 'user_pool_add_ons'), 'advanced_security_additional_flows').custom_auth_mode === 'ENFORCED',
  ),
  on(
    pool,
    'Cognito.5',
    'MFA should be enabled for Cognito user pools',
    ({ block }) => block.mfa_configuration === 'ON',
  ),
  on(
    pool,
    'Cognito.6',
    'Cognito user pools should have deletion protection enabled',
    ({ block }) => block.deletion_protection === 'ACTIVE',
  ),
  on(
    secret,
    'SecretsManager.1',
    'Secrets Manager secrets should have automatic rotation enabled',
    (resource, view) => pairedBy(view, resource, 'aws_secretsmanager_secret_rotation', 'secret_id') !== undefined,
  ),
  on(
    secret,
    'SecretsManager.4',
    'Secrets Manager secrets should be rotated within a specified number of days',
    (resource, view) => pairedBy(view, resource, 'aws_secretsmanager_secret_rotation', 'secret_id') !== undefined,
  ),
];
