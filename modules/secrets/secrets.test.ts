import { synthesized } from '../testing/synthesized.ts';
import { Secrets, type SecretsProps } from './secrets.ts';

const names = { 'oauth-credentials': 'finops/mcp/oauth-credentials', app: 'finops/mcp/app' };
const made = (changes: Partial<SecretsProps> = {}) =>
  synthesized((stack) => new Secrets(stack, 'secrets', { names, recoveryDays: 30, ...changes }));

describe('secrets', () => {
  it('have whole names, addresses of their own, and days in which they can be restored', () => {
    const secrets = made().all('aws_secretsmanager_secret');
    expect(Object.keys(secrets)).toEqual(['secret_app', 'secret_oauth_credentials']);
    expect(secrets.secret_oauth_credentials).toMatchObject({
      name: 'finops/mcp/oauth-credentials',
      recovery_window_in_days: 30,
    });
    expect(secrets.secret_app).not.toHaveProperty('kms_key_id');
  });

  it('are encrypted with the key that is handed in', () => {
    expect(made({ keyArn: 'arn:aws:kms:::key/1' }).all('aws_secretsmanager_secret').secret_app).toMatchObject({
      kms_key_id: 'arn:aws:kms:::key/1',
    });
  });

  it('have no value in Terraform', () => {
    expect(made().addresses.map((address) => address.split('.')[0])).toEqual([
      'aws_secretsmanager_secret',
      'aws_secretsmanager_secret',
    ]);
  });
});
