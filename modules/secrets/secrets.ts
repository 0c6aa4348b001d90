/** Secrets without values: `npm run secrets` puts those in, so that none is in the state or in a plan. */
import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { Construct } from 'constructs';

export interface SecretsProps {
  /** Whole names by the names the settings use, such as `oauth-credentials` to `finops/mcp/oauth-credentials`. */
  readonly names: Readonly<Record<string, string>>;
  /** Key to encrypt with. Default: the one AWS manages for Secrets Manager. */
  readonly keyArn?: string | undefined;
  /** Days in which a deleted secret can be restored, 7 to 30; 0 deletes it at once. */
  readonly recoveryDays: number;
}

export class Secrets extends Construct {
  /** ARNs by the names the settings use. */
  readonly arns: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { names, keyArn, recoveryDays }: SecretsProps) {
    super(scope, id);
    const made = Object.entries(names).map(([name, whole]) => {
      const secret = new SecretsmanagerSecret(this, name, {
        name: whole,
        description: 'Its value is set by `npm run secrets`',
        kmsKeyId: keyArn,
        recoveryWindowInDays: recoveryDays,
      });
      // A secret that moves loses its value.
      secret.overrideLogicalId(`secret_${name.replaceAll(/[^\w]/g, '_')}`);
      return [name, secret.arn] as const;
    });
    this.arns = Object.fromEntries(made);
  }
}
