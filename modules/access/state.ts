/** The Terraform state of one environment, as roles may touch it. */
import type { Statement } from '../roles/statement.ts';

export interface StatePlace {
  readonly bucket: string;
  /** Start of its keys, without a slash at the end. */
  readonly prefix: string;
}

export const stateStatements = ({ bucket, prefix }: StatePlace, write: boolean): readonly Statement[] => [
  {
    sid: 'StateObjects',
    // Its lock is an object beside it, which is deleted again.
    actions: write ? ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'] : ['s3:GetObject'],
    resources: [`arn:aws:s3:::${bucket}/${prefix}/*`],
  },
  {
    sid: 'StateList',
    actions: ['s3:ListBucket'],
    resources: [`arn:aws:s3:::${bucket}`],
    conditions: [{ test: 'StringLike', variable: 's3:prefix', values: [`${prefix}/*`] }],
  },
];
