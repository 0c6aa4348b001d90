/**
 * The role of cutovers: it moves traffic between two colours, two versions of a function or two of a launch template, and
 * looks. It makes nothing, starts no other version than Terraform has registered, and changes no role.
 */
import type { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import type { Statement } from '../roles/statement.ts';
import { looking, type Moves, moving } from './cutover-moves.ts';
import { workflows } from './github.ts';

export interface CutoverRoleProps {
  readonly name: string;
  readonly accountId: string;
  /** owner/name. */
  readonly repository: string;
  /** The GitHub environments whose jobs may take it: the one whose approval comes before traffic, and that of the clock. */
  readonly githubEnvironments: readonly string[];
  /** Where the lock and record of each region's cutover is. */
  readonly records: {
    readonly bucket: string;
    readonly keys: readonly string[];
    /** What it only reads: whether the store was migrated. Who may write that may begin a cutover without it. */
    readonly looked: readonly string[];
  };
  readonly regions: readonly string[];
  readonly moves: Moves;
  /** Name of the secret whose value the smoke test sends: the one that opens the preview, or that CloudFront has. */
  readonly smokeSecret?: string | undefined;
}

const descriptions: Readonly<Record<Moves['by'], string>> = {
  colours: 'weights and counts of two colours',
  versions: 'weights of two versions of the function',
  instances: 'instances of two versions of the launch template',
};

/** Its lock and record, which it never deletes. Who may not list a bucket is told 403 of an object that is not there. */
const recording = ({ bucket, keys, looked }: CutoverRoleProps['records']): Statement[] => [
  {
    sid: 'CutoverRecord',
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: keys.map((key) => `arn:aws:s3:::${bucket}/${key}`),
  },
  {
    sid: 'CutoverMigrated',
    actions: ['s3:GetObject'],
    resources: looked.map((key) => `arn:aws:s3:::${bucket}/${key}`),
  },
  {
    sid: 'CutoverRecordList',
    actions: ['s3:ListBucket'],
    resources: [`arn:aws:s3:::${bucket}`],
    conditions: [{ test: 'StringEquals', variable: 's3:prefix', values: [...keys, ...looked] }],
  },
];

export class CutoverRole extends AssumableRole {
  constructor(scope: Construct, id: string, props: CutoverRoleProps) {
    const { name, accountId, repository, githubEnvironments, records, moves, smokeSecret } = props;
    const jobs = githubEnvironments.map((environment) => `environment:${environment}`);
    super(scope, id, {
      name,
      description: `Cutovers of ${repository} in ${githubEnvironments[0]}: ${descriptions[moves.by]}`,
      trust: [workflows(accountId, repository, jobs)],
      statements: [
        ...moving(props, moves),
        looking(moves),
        ...recording(records),
        {
          sid: 'CutoverPreview',
          actions: ['secretsmanager:GetSecretValue'],
          resources:
            smokeSecret === undefined ? [] : [`arn:aws:secretsmanager:*:${accountId}:secret:${smokeSecret}-??????`],
        },
      ],
    });
  }
}
