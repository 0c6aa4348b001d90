/** A hosted zone. Its name servers must be set where the domain is registered before anything in it can be found. */
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone/index.js';
import { Construct } from 'constructs';

export class HostedZone extends Construct {
  readonly zoneId: string;

  constructor(scope: Construct, id: string, { name }: { readonly name: string }) {
    super(scope, id);
    const zone = new Route53Zone(this, 'zone', { name, comment: 'Made by Countersign' });
    // Another zone of the same name gets other name servers, which nobody asks.
    zone.overrideLogicalId('hosted_zone');
    this.zoneId = zone.zoneId;
  }
}
