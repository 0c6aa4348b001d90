/** What running takes beside state: traces, a shell, logs, an image. */
import type { Statement } from './statement.ts';

/** X-Ray knows no resources to narrow this to. */
export const traceStatements: readonly Statement[] = [
  { sid: 'TracesWrite', actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] },
];

export interface ShellLog {
  readonly logGroupArn: string;
  /** Key the session is encrypted with. */
  readonly keyArn?: string | undefined;
}

const channels = [
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

/** ECS Exec: the agent's channels, and the record of each session. */
export const shellStatements = ({ logGroupArn, keyArn }: ShellLog): readonly Statement[] => [
  { sid: 'ShellChannels', actions: channels, resources: ['*'] },
  { sid: 'ShellLogGroups', actions: ['logs:DescribeLogGroups'], resources: ['*'] },
  {
    sid: 'ShellRecord',
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [`${logGroupArn}:*`],
  },
  { sid: 'ShellKey', actions: ['kms:Decrypt'], resources: keyArn === undefined ? [] : [keyArn] },
];

/** Session Manager's agent on an instance, instead of SSH. */
export const agentStatements: readonly Statement[] = [
  { sid: 'AgentChannels', actions: [...channels, 'ssm:UpdateInstanceInformation'], resources: ['*'] },
];

export const logStatements = (logGroupArns: readonly string[]): readonly Statement[] => [
  {
    sid: 'LogsWrite',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: logGroupArns.map((arn) => `${arn}:*`),
  },
];

/** ARN of the repository of ECR that an image lies in; `123456789012.dkr.ecr.<region>.amazonaws.com/name:tag`. Undefined for another registry's. */
export const repositoryOf = (image: string): string | undefined => {
  const [, account, region, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([\w./-]+?)(?::[\w.-]+|@sha256:[0-9a-f]{64})$/.exec(image) ??
    [];
  return name === undefined ? undefined : `arn:aws:ecr:${region}:${account}:repository/${name}`;
};

export const imageStatements = (images: readonly string[]): readonly Statement[] => {
  const repositories = [...new Set(images.map(repositoryOf).filter((arn) => arn !== undefined))];
  return [
    {
      sid: 'ImagePull',
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: repositories,
    },
    // The token opens nothing by itself.
    { sid: 'ImageToken', actions: ['ecr:GetAuthorizationToken'], resources: repositories.length > 0 ? ['*'] : [] },
  ];
};
