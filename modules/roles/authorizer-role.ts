/** The role of the Lambda authorizer: its log, and the callers' keys. Tokens it checks against public keys. */
import type { Construct } from 'constructs';
import { AssumableRole } from './role.ts';
import { logStatements, traceStatements } from './runtime.ts';
import { keyStatements, secretStatements } from './state.ts';
import { service } from './statement.ts';

export interface AuthorizerRoleProps {
  readonly name: string;
  readonly region: string;
  readonly logGroupArn: string;
  /** The secret with the callers' API keys, where they are demanded. */
  readonly apiKeysSecretArn?: string | undefined;
  readonly secretsKeyArn?: string | undefined;
  readonly traces?: boolean;
}

export class AuthorizerRole extends AssumableRole {
  constructor(scope: Construct, id: string, props: AuthorizerRoleProps) {
    const { name, region, logGroupArn, apiKeysSecretArn, secretsKeyArn, traces = false } = props;
    const secrets = apiKeysSecretArn === undefined ? [] : [apiKeysSecretArn];
    super(scope, id, {
      name,
      description: 'What the authorizer may do: write its log and read the API keys of callers',
      trust: [service('lambda.amazonaws.com')],
      statements: [
        ...logStatements([logGroupArn]),
        ...secretStatements('SecretsApiKeys', secrets),
        ...(secretsKeyArn === undefined || secrets.length === 0
          ? []
          : keyStatements('KeySecrets', region, { keyArn: secretsKeyArn, services: ['secretsmanager'] })),
        ...(traces ? traceStatements : []),
      ],
    });
  }
}
