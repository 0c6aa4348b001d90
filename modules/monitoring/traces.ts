/** X-Ray: which requests are sampled, and a group with the traces of this service. */
import { XrayGroup } from '@cdktf/provider-aws/lib/xray-group/index.js';
import { XraySamplingRule } from '@cdktf/provider-aws/lib/xray-sampling-rule/index.js';
import { Construct } from 'constructs';

export interface TracesProps {
  /** Name of group and rule: at most 32 characters. */
  readonly name: string;
  /** The service's name in its traces. */
  readonly service: string;
  /** Traces a second that are always kept. Default 1. */
  readonly reservoir?: number;
  /** Share of the others. Default 0.05. */
  readonly rate?: number;
}

export class Traces extends Construct {
  constructor(scope: Construct, id: string, { name, service, reservoir = 1, rate = 0.05 }: TracesProps) {
    super(scope, id);
    new XraySamplingRule(this, 'sampling', {
      ruleName: name.slice(0, 32),
      serviceName: service,
      serviceType: '*',
      host: '*',
      httpMethod: '*',
      urlPath: '*',
      resourceArn: '*',
      priority: 1000,
      reservoirSize: reservoir,
      fixedRate: rate,
      version: 1,
    });
    new XrayGroup(this, 'group', {
      groupName: name.slice(0, 32),
      filterExpression: `service("${service}")`,
      insightsConfiguration: { insightsEnabled: true, notificationsEnabled: false },
    });
  }
}
