/** A name for something of AWS's, which answers with its addresses: alone, or the nearest healthy region's. */
import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check/index.js';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js';
import { Construct } from 'constructs';

export interface AliasTarget {
  readonly dnsName: string;
  /** Hosted zone of `dnsName`, which AWS keeps. */
  readonly zoneId: string;
}

export interface Latency {
  readonly region: string;
  /**
   * Asked by Route 53 from around the world, every 30 seconds; three failures take the region out. Default: none, where
   * a stranger's request is refused. The target's own health counts anyway.
   */
  readonly healthCheck?: { readonly path: string; readonly tls: boolean } | undefined;
}

export interface AliasRecordProps {
  readonly zoneId: string;
  readonly name: string;
  readonly target: AliasTarget;
  /** Whether the answer depends on the target's health, which CloudFront has not got. Default: true. */
  readonly evaluateTargetHealth?: boolean;
  /** Answers for IPv6 too. Default: false. */
  readonly ipv6?: boolean;
  /** One of several regions under the same name. */
  readonly latency?: Latency | undefined;
}

export class AliasRecord extends Construct {
  constructor(scope: Construct, id: string, props: AliasRecordProps) {
    super(scope, id);
    const { zoneId, name, target, evaluateTargetHealth = true, ipv6 = false, latency } = props;
    const healthCheckId = this.#healthCheck(props);
    for (const type of ipv6 ? ['A', 'AAAA'] : ['A'])
      new Route53Record(this, type, {
        zoneId,
        name,
        type,
        alias: { name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth },
        ...(latency !== undefined && {
          setIdentifier: latency.region,
          latencyRoutingPolicy: { region: latency.region },
          healthCheckId,
        }),
        // Route 53 takes no record with a latency beside one without, nor the other way round.
        lifecycle: { createBeforeDestroy: false },
      });
  }

  #healthCheck({ name, target, latency }: AliasRecordProps): string | undefined {
    if (latency?.healthCheck === undefined) return undefined;
    const { path, tls } = latency.healthCheck;
    return new Route53HealthCheck(this, 'health', {
      fqdn: target.dnsName,
      // Route 53 does not check the certificate, whose name is another than this.
      type: tls ? 'HTTPS' : 'HTTP',
      port: tls ? 443 : 80,
      enableSni: tls,
      resourcePath: path,
      failureThreshold: 3,
      requestInterval: 30,
      tags: { Name: `${name} in ${latency.region}` },
    }).id;
  }
}
