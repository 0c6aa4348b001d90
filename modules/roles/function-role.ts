/** The role of the service as a function: what a task may do, its log, and its place in the VPC. */
import type { Construct } from 'constructs';
import { AssumableRole } from './role.ts';
import { logStatements } from './runtime.ts';
import { queueSourceStatements } from './state.ts';
import { type Statement, service } from './statement.ts';
import { type TaskGrants, taskStatements } from './task-statements.ts';

export interface FunctionRoleProps extends TaskGrants {
  readonly name: string;
  readonly accountId: string;
  /** Name of the function. */
  readonly functionName: string;
  readonly logGroupArn: string;
  /** The function joins a VPC. */
  readonly inVpc?: boolean;
}

// Lambda's own list for a function in a VPC.
const interfaces = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** Lambda makes the interfaces with the function's role; the function's own code may not. */
const vpcStatements = (functionArn: string): readonly Statement[] => [
  { sid: 'VpcInterfaces', actions: interfaces, resources: ['*'] },
  {
    sid: 'DenyVpcToCode',
    effect: 'Deny',
    actions: interfaces,
    resources: ['*'],
    conditions: [{ test: 'ArnEquals', variable: 'lambda:SourceFunctionArn', values: [functionArn] }],
  },
];

export class FunctionRole extends AssumableRole {
  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    const { name, accountId, functionName, logGroupArn, inVpc = false, ...grants } = props;
    const functionArn = `arn:aws:lambda:${grants.region}:${accountId}:function:${functionName}`;
    super(scope, id, {
      name,
      description: 'What the running service may do: its tools, its state, its log',
      trust: [service('lambda.amazonaws.com')],
      statements: [
        ...taskStatements(grants),
        ...(grants.jobsQueueArn === undefined ? [] : queueSourceStatements(grants.jobsQueueArn)),
        ...logStatements([logGroupArn]),
        ...(inVpc ? vpcStatements(functionArn) : []),
      ],
    });
  }
}
