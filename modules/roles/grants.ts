/** What a container that is not Countersign's own may be granted beside state, one function a grant. */
import { equals, type Statement } from './statement.ts';

export interface GrantedBucket {
  readonly arn: string;
  /** Folders it may use, without slash. */
  readonly folders: readonly string[];
  /** Large objects go up in parts, and those of an upload that fails are taken away. Default: false. */
  readonly inParts?: boolean;
}

export const dataBucketStatements = ({ arn, folders, inParts = false }: GrantedBucket): readonly Statement[] => [
  {
    sid: 'DataObjects',
    actions: [...(inParts ? ['s3:AbortMultipartUpload'] : []), 's3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    resources: folders.map((folder) => `${arn}/${folder}/*`),
  },
  {
    sid: 'DataList',
    actions: ['s3:ListBucket'],
    resources: [arn],
    conditions: [{ test: 'StringLike', variable: 's3:prefix', values: folders.map((folder) => `${folder}/*`) }],
  },
];

/** Looks people up; it makes and changes nobody. */
export const identityStatements = (userPoolArn: string): readonly Statement[] => [
  {
    sid: 'PeopleRead',
    actions: [
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminListGroupsForUser',
      'cognito-idp:ListUsers',
      'cognito-idp:ListUsersInGroup',
    ],
    resources: [userPoolArn],
  },
];

export interface Mail {
  readonly identityArn: string;
  /** Through which the identity sends. */
  readonly configurationSetArn?: string;
  /** The only sender. */
  readonly from: string;
}

export const mailStatements = ({ identityArn, configurationSetArn, from }: Mail): readonly Statement[] => [
  {
    sid: 'MailSend',
    actions: ['ses:SendEmail'],
    resources: configurationSetArn === undefined ? [identityArn] : [identityArn, configurationSetArn],
    conditions: [equals('ses:FromAddress', from)],
  },
];

/** CloudWatch knows no resources for metrics, only namespaces. */
export const metricStatements = (namespaces: readonly string[]): readonly Statement[] => [
  {
    sid: 'MetricsWrite',
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: [equals('cloudwatch:namespace', ...namespaces)],
  },
];

/** A custom image may also change single attributes of rows. */
export const tableUpdateStatements = (tableArns: readonly string[]): readonly Statement[] => [
  { sid: 'TablesUpdate', actions: ['dynamodb:UpdateItem'], resources: tableArns },
];
