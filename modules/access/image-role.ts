/** The role of builds: it adds images to the environment's repositories. What it pushes runs nowhere until a plan is approved. */
import type { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { repositoryOf } from '../roles/runtime.ts';
import { workflows } from './github.ts';

export interface ImageRoleProps {
  readonly name: string;
  readonly accountId: string;
  /** owner/name. */
  readonly repository: string;
  /** The only branch that images are built from. */
  readonly branch: string;
  /** ARNs of the repositories, from `repositoriesIn`. */
  readonly repositories: readonly string[];
}

/** ARNs of the repositories that the images lie in, those of the account alone. */
export const repositoriesIn = (accountId: string, images: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(
    images
      .map((image) => (image === undefined ? undefined : repositoryOf(image)))
      .filter((arn) => arn !== undefined)
      .filter((arn) => arn.split(':')[4] === accountId),
  ),
];

export class ImageRole extends AssumableRole {
  constructor(scope: Construct, id: string, { name, accountId, repository, branch, repositories }: ImageRoleProps) {
    super(scope, id, {
      name,
      description: `Images of ${repository}: adds them, and takes none away`,
      trust: [workflows(accountId, repository, [`ref:refs/heads/${branch}`])],
      statements: [
        {
          sid: 'ImagePush',
          actions: [
            'ecr:BatchCheckLayerAvailability',
            'ecr:BatchGetImage',
            'ecr:CompleteLayerUpload',
            'ecr:DescribeImages',
            'ecr:DescribeRepositories',
            'ecr:GetDownloadUrlForLayer',
            'ecr:InitiateLayerUpload',
            'ecr:PutImage',
            'ecr:UploadLayerPart',
          ],
          resources: repositories,
        },
        { sid: 'ImageToken', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
      ],
    });
  }
}
