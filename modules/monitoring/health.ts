/** One state for the whole service: what its clients feel. Scripts and people look here first; it tells nobody itself. */
import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm/index.js';
import { Construct } from 'constructs';

export interface ServiceHealthProps {
  readonly name: string;
  /** ARNs of alarms, by name without prefix. */
  readonly alarms: Readonly<Record<string, string>>;
}

/** Alarms that clients feel; others tell of what may come. */
const felt: ReadonlySet<string> = new Set([
  'api-errors',
  'edge-errors',
  'error-rate',
  'errors',
  'function-errors-authorizer',
  'function-errors-service',
  'healthy-hosts',
  'latency-p95',
  'latency-p99',
  'load-balancer-errors',
  'store-down',
]);

export class ServiceHealth extends Construct {
  constructor(scope: Construct, id: string, { name, alarms }: ServiceHealthProps) {
    super(scope, id);
    const arns = Object.entries(alarms).filter(([alarm]) => felt.has(alarm));
    if (arns.length === 0) return;
    new CloudwatchCompositeAlarm(this, 'alarm', {
      alarmName: name,
      alarmDescription:
        'Clients feel something: one of its alarms says what. Runbook: docs/runbooks/alarms.md#service-health',
      alarmRule: arns.map(([, arn]) => `ALARM("${arn}")`).join(' OR '),
    });
  }
}
