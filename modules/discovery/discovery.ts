/** A private DNS name for tasks, with AWS Cloud Map. */
import { ServiceDiscoveryPrivateDnsNamespace } from '@cdktf/provider-aws/lib/service-discovery-private-dns-namespace/index.js';
import { ServiceDiscoveryService } from '@cdktf/provider-aws/lib/service-discovery-service/index.js';
import { Construct } from 'constructs';

export interface DiscoveryProps {
  /** Private DNS namespace, such as app-services. */
  readonly namespace: string;
  /** Name in it, such as app: tasks are then found at app.app-services. */
  readonly service: string;
  /** Seconds a resolver may keep an answer. */
  readonly ttl: number;
  readonly vpcId: string;
}

export class Discovery extends Construct {
  /** What an ECS service registers its tasks at. */
  readonly arn: string;
  readonly dnsName: string;

  constructor(scope: Construct, id: string, { namespace, service, ttl, vpcId }: DiscoveryProps) {
    super(scope, id);
    const zone = new ServiceDiscoveryPrivateDnsNamespace(this, 'namespace', {
      name: namespace,
      description: 'Private names of the tasks',
      vpc: vpcId,
    });
    const registry = new ServiceDiscoveryService(this, 'service', {
      name: service,
      dnsConfig: {
        namespaceId: zone.id,
        routingPolicy: 'MULTIVALUE',
        dnsRecords: [{ type: 'A', ttl }],
      },
      // ECS tells Cloud Map which tasks are healthy.
      healthCheckCustomConfig: { failureThreshold: 1 },
      // Tasks that stop last may still be registered.
      forceDestroy: true,
    });
    this.arn = registry.arn;
    this.dnsName = `${service}.${namespace}`;
  }
}
