import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { synthesized } from '../testing/synthesized.ts';
import { AliasRecord, type AliasRecordProps } from './alias-record.ts';
import { Certificate } from './certificate.ts';
import { HostedZone } from './hosted-zone.ts';

const zoneId = 'Z0123456789';

describe('a certificate', () => {
  const names = ['mcp.example.com', 'origin-mcp.example.com'] as const;

  it('covers its names', () => {
    const made = synthesized((stack) => new Certificate(stack, 'certificate', { names: [...names], zoneId }));
    expect(made.one('aws_acm_certificate')).toMatchObject({
      domain_name: names[0],
      subject_alternative_names: [names[1]],
      validation_method: 'DNS',
    });
  });

  it('has one record a name, found by the name and not by its place', () => {
    const made = synthesized((stack) => new Certificate(stack, 'certificate', { names: [...names], zoneId }));
    const records = Object.values(made.all('aws_route53_record'));
    expect(records).toHaveLength(2);
    for (const [index, name] of names.entries())
      expect(records[index]).toMatchObject({
        zone_id: zoneId,
        name: expect.stringContaining(`option.resource_record_name if option.domain_name == "${name}"`),
        records: [expect.stringContaining(`option.resource_record_value if option.domain_name == "${name}"`)],
        // Another certificate asks for the same record, which cannot be made twice.
        lifecycle: { ignore_changes: ['name', 'type', 'records'] },
      });
    expect(made.one('aws_acm_certificate_validation').validation_record_fqdns).toHaveLength(2);
  });

  it('waits for records that another certificate makes, in a region of its own', () => {
    const made = synthesized((stack) => {
      const { records } = new Certificate(stack, 'certificate', { names: [names[0]], zoneId });
      const provider = new AwsProvider(stack, 'edge', { region: 'us-east-1', alias: 'us-east-1' });
      new Certificate(stack, 'edge-certificate', { names: [names[0]], validatedBy: records, provider });
    });
    const record = made.addresses.filter((address) => address.startsWith('aws_route53_record'));
    expect(record).toHaveLength(1);
    const validation = Object.entries(made.all('aws_acm_certificate_validation')).find(([id]) => id.startsWith('edge'));
    expect(validation?.[1]).toMatchObject({ depends_on: record, provider: 'aws.us-east-1' });
    expect(validation?.[1]).not.toHaveProperty('validation_record_fqdns');
  });
});

describe('an alias record', () => {
  const target = { dnsName: 'alb.elb.amazonaws.com', zoneId: 'ZALB' };
  const made = (changes: Partial<AliasRecordProps> = {}) =>
    synthesized((stack) => new AliasRecord(stack, 'record', { zoneId, name: 'mcp.example.com', target, ...changes }));

  it('answers with the target’s addresses, and alone', () => {
    expect(made().one('aws_route53_record')).toMatchObject({
      zone_id: zoneId,
      name: 'mcp.example.com',
      type: 'A',
      alias: { name: target.dnsName, zone_id: 'ZALB', evaluate_target_health: true },
    });
    expect(made().one('aws_route53_record')).not.toHaveProperty('set_identifier');
  });

  it('answers for IPv6 where the target does', () => {
    const records = Object.values(made({ ipv6: true }).all('aws_route53_record'));
    expect(records.map(({ type }) => type).toSorted()).toEqual(['A', 'AAAA']);
  });

  it('is one of several regions’, taken out after three failures 30 seconds apart', () => {
    const healthCheck = { path: '/health', tls: true };
    const several = made({ ofRegions: { region: 'eu-west-2', routing: 'latency', healthCheck } });
    expect(several.one('aws_route53_record')).toMatchObject({
      set_identifier: 'eu-west-2',
      latency_routing_policy: { region: 'eu-west-2' },
      health_check_id: expect.stringContaining('aws_route53_health_check'),
    });
    expect(several.one('aws_route53_health_check')).toMatchObject({
      fqdn: target.dnsName,
      type: 'HTTPS',
      port: 443,
      resource_path: '/health',
      failure_threshold: 3,
      request_interval: 30,
    });
  });

  it('counts on the target’s own health where a stranger is refused', () => {
    const several = made({ ofRegions: { region: 'eu-west-2', routing: 'latency' } });
    expect(several.one('aws_route53_record')).toMatchObject({ set_identifier: 'eu-west-2' });
    expect(several.all('aws_route53_health_check')).toEqual({});
  });
});

it('keeps the address of the zone, whose name servers others know', () => {
  const made = synthesized((stack) => new HostedZone(stack, 'anything', { name: 'example.com' }));
  expect(made.addresses).toEqual(['aws_route53_zone.hosted_zone']);
});
