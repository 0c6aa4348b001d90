/** A container registry whose tags never move. */
import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy/index.js';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository/index.js';
import { Construct } from 'constructs';

export interface RepositoryProps {
  readonly name: string;
  /** Key to encrypt with. Default: AES-256 with a key of AWS. */
  readonly keyArn?: string | undefined;
  /** Images kept; older ones go. More than will ever run at once, so that a rollback finds its image. Default: 100. */
  readonly keep?: number;
  /** Days an image without a tag is kept. Default: 7. */
  readonly untaggedDays?: number;
  /** The repository goes with its images when it is removed. Default: only an empty one goes. */
  readonly forceDelete?: boolean;
}

const rules = (keep: number, untaggedDays: number) => [
  {
    rulePriority: 1,
    description: 'Images without a tag',
    selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: untaggedDays },
    action: { type: 'expire' },
  },
  {
    rulePriority: 2,
    description: 'All but the newest images',
    selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: keep },
    action: { type: 'expire' },
  },
];

export class Repository extends Construct {
  readonly arn: string;
  /** Host and path that images are pushed to. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: RepositoryProps) {
    super(scope, id);
    const { name, keyArn, keep = 100, untaggedDays = 7, forceDelete = false } = props;
    const repository = new EcrRepository(this, 'repository', {
      name,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [
        keyArn === undefined ? { encryptionType: 'AES256' } : { encryptionType: 'KMS', kmsKey: keyArn },
      ],
      forceDelete,
    });
    // Another address would be a new repository without images.
    repository.overrideLogicalId('repository');
    new EcrLifecyclePolicy(this, 'lifecycle', {
      repository: repository.name,
      policy: JSON.stringify({ rules: rules(keep, untaggedDays) }),
    });
    this.arn = repository.arn;
    this.url = repository.repositoryUrl;
  }
}
