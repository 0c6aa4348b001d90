/** A customer managed key, rotated every year. */
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { Construct } from 'constructs';

export interface KeyProps {
  /** Name of the alias, without `alias/`. */
  readonly name: string;
  readonly description: string;
  readonly accountId: string;
  /** Services that may use it for this account, such as `logs.eu-west-1.amazonaws.com`. Roles use it through IAM. */
  readonly services?: readonly string[];
}

export class Key extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, description, accountId, services = [] }: KeyProps) {
    super(scope, id);
    const policy = new DataAwsIamPolicyDocument(this, 'policy', {
      statement: [
        {
          sid: 'AccountThroughIam',
          principals: [{ type: 'AWS', identifiers: [`arn:aws:iam::${accountId}:root`] }],
          actions: ['kms:*'],
          // A key policy speaks of its own key only.
          resources: ['*'],
        },
        ...(services.length === 0
          ? []
          : [
              {
                sid: 'ServicesOfAWS',
                principals: [{ type: 'Service', identifiers: [...services] }],
                actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
                resources: ['*'],
              },
            ]),
      ],
    });
    const key = new KmsKey(this, 'key', {
      description,
      policy: policy.json,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
    new KmsAlias(this, 'alias', { name: `alias/${name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
