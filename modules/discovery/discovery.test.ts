import { synthesized } from '../testing/synthesized.ts';
import { Discovery } from './discovery.ts';

describe('the private name of the tasks', () => {
  const props = { namespace: 'app-services', service: 'app', ttl: 60, vpcId: 'vpc-1' };
  let dnsName = '';
  const made = synthesized((stack) => {
    dnsName = new Discovery(stack, 'discovery', props).dnsName;
  });

  it('is in a namespace of the VPC', () => {
    expect(made.one('aws_service_discovery_private_dns_namespace')).toMatchObject({
      name: 'app-services',
      vpc: 'vpc-1',
    });
    expect(dnsName).toBe('app.app-services');
  });

  it('answers every healthy task’s address, for as long as it says', () => {
    const [namespace] = Object.keys(made.all('aws_service_discovery_private_dns_namespace'));
    expect(made.one('aws_service_discovery_service')).toMatchObject({
      name: 'app',
      dns_config: {
        namespace_id: `\${aws_service_discovery_private_dns_namespace.${namespace}.id}`,
        routing_policy: 'MULTIVALUE',
        dns_records: [{ type: 'A', ttl: 60 }],
      },
      health_check_custom_config: { failure_threshold: 1 },
    });
  });
});
