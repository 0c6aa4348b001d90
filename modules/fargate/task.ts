/** What a task of one colour is: its containers, size and roles. */
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition/index.js';
import { Construct } from 'constructs';

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html
const INCLUDED_GB = 20;

export interface TaskProps {
  readonly family: string;
  /** container_definitions, JSON. */
  readonly containers: string;
  /** CPU units, 1024 a vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** GiB of ephemeral storage. Default: the 20 that Fargate includes. */
  readonly storage?: number;
  readonly architecture: 'X86_64' | 'ARM64';
  /** What the containers may do. */
  readonly taskRoleArn: string;
  /** What ECS may do to start them: pull the image, read the secrets, write logs. */
  readonly executionRoleArn: string;
}

export class Task extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    const { storage = INCLUDED_GB } = props;
    this.arn = new EcsTaskDefinition(this, 'definition', {
      family: props.family,
      containerDefinitions: props.containers,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(props.cpu),
      memory: String(props.memory),
      // 21 is the least that Fargate takes.
      ...(storage > INCLUDED_GB && { ephemeralStorage: { sizeInGib: storage } }),
      runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: props.architecture },
      taskRoleArn: props.taskRoleArn,
      executionRoleArn: props.executionRoleArn,
      // The revision before stays, so that a deployment can roll back to it.
      skipDestroy: true,
    }).arn;
  }
}
