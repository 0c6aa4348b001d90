/** A customer managed key, rotated every year. */
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Construct } from 'constructs';

export interface KeyProps {
  /** Name of the alias, without `alias/`. */
  readonly name: string;
  readonly description: string;
  readonly accountId: string;
  /**
   * Services that use it by themselves, such as `logs.eu-west-1.amazonaws.com`, which may only for log groups of this
   * account. Roles, and services on their behalf, use it through IAM.
   */
  readonly services?: readonly string[];
  /** Provider of the region to make it in. Default: the stack's. */
  readonly provider?: AwsProvider | undefined;
}

const use = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

const isLogs = (service: string): boolean => service.startsWith('logs.');

// A key policy speaks of its own key only, so its resource is always *.
const statementsOf = (accountId: string, services: readonly string[]): DataAwsIamPolicyDocumentStatement[] => {
  const others = services.filter((service) => !isLogs(service));
  const logs = services.filter(isLogs).map((service) => ({
    sid: 'LogGroupsOfAccount',
    principals: [{ type: 'Service', identifiers: [service] }],
    actions: use,
    resources: ['*'],
    condition: [
      {
        test: 'ArnLike',
        variable: 'kms:EncryptionContext:aws:logs:arn',
        values: [`arn:aws:logs:${service.split('.')[1]}:${accountId}:*`],
      },
    ],
  }));
  return [
    {
      sid: 'AccountThroughIam',
      principals: [{ type: 'AWS', identifiers: [`arn:aws:iam::${accountId}:root`] }],
      actions: ['kms:*'],
      resources: ['*'],
    },
    ...logs,
    ...(others.length === 0
      ? []
      : [
          {
            sid: 'ServicesWithKey',
            principals: [{ type: 'Service', identifiers: others }],
            actions: use,
            resources: ['*'],
          },
        ]),
  ];
};

export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: KeyProps) {
    super(scope, id);
    const { name, description, accountId, services = [], provider } = props;
    const policy = new DataAwsIamPolicyDocument(this, 'policy', { statement: statementsOf(accountId, services) });
    const key = new KmsKey(this, 'key', {
      description,
      policy: policy.json,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      provider,
    });
    new KmsAlias(this, 'alias', { name: `alias/${name}`, targetKeyId: key.keyId, provider });
    this.arn = key.arn;
  }
}
