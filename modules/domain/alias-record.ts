/** A name for something of AWS's, which answers with its addresses: alone, or as one of several regions'. */
import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check/index.js';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js';
import { Construct } from 'constructs';

export interface AliasTarget {
  readonly dnsName: string;
  /** Hosted zone of `dnsName`, which AWS keeps. */
  readonly zoneId: string;
}

export interface OfRegions {
  readonly region: string;
  /**
   * latency: the nearest healthy region answers. primary: this one does while it is healthy, and else the one whose record
   * is secondary.
   */
  readonly routing: 'latency' | 'primary' | 'secondary';
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
  readonly ofRegions?: OfRegions | undefined;
}

const policyOf = ({ region, routing }: OfRegions) =>
  routing === 'latency'
    ? { latencyRoutingPolicy: { region } }
    : { failoverRoutingPolicy: { type: routing === 'primary' ? 'PRIMARY' : 'SECONDARY' } };

export class AliasRecord extends Construct {
  constructor(scope: Construct, id: string, props: AliasRecordProps) {
    super(scope, id);
    const { zoneId, name, target, evaluateTargetHealth = true, ipv6 = false, ofRegions } = props;
    const healthCheckId = this.#healthCheck(props);
    for (const type of ipv6 ? ['A', 'AAAA'] : ['A'])
      new Route53Record(this, type, {
        zoneId,
        name,
        type,
        alias: { name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth },
        ...(ofRegions !== undefined && { setIdentifier: ofRegions.region, ...policyOf(ofRegions), healthCheckId }),
        // Route 53 takes no record with a routing policy beside one without, nor the other way round.
        lifecycle: { createBeforeDestroy: false },
      });
  }

  #healthCheck({ name, target, ofRegions }: AliasRecordProps): string | undefined {
    if (ofRegions?.healthCheck === undefined) return undefined;
    const { path, tls } = ofRegions.healthCheck;
    return new Route53HealthCheck(this, 'health', {
      fqdn: target.dnsName,
      // Route 53 does not check the certificate, whose name is another than this.
      type: tls ? 'HTTPS' : 'HTTP',
      port: tls ? 443 : 80,
      enableSni: tls,
      resourcePath: path,
      failureThreshold: 3,
      requestInterval: 30,
      tags: { Name: `${name} in ${ofRegions.region}` },
    }).id;
  }
}
