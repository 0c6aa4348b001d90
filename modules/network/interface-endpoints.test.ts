import { synthesized } from '../testing/synthesized.ts';
import { InterfaceEndpoints } from './interface-endpoints.ts';

const made = (services: readonly string[]) =>
  synthesized(
    (stack) =>
      new InterfaceEndpoints(stack, 'endpoints', {
        vpcId: 'vpc-1',
        namePrefix: 'app',
        region: 'eu-west-1',
        services,
        subnetIds: ['subnet-a', 'subnet-b'],
        securityGroupId: 'sg-1',
        accounts: ['111122223333'],
      }),
  );

describe('interface endpoints', () => {
  it('answer under the service’s usual name, in every subnet, behind their group', () => {
    expect(made(['ecr.api']).one('aws_vpc_endpoint')).toMatchObject({
      service_name: 'com.amazonaws.eu-west-1.ecr.api',
      vpc_endpoint_type: 'Interface',
      private_dns_enabled: true,
      subnet_ids: ['subnet-a', 'subnet-b'],
      security_group_ids: ['sg-1'],
    });
  });

  it('serve principals of the own accounts only', () => {
    const network = made(['logs']);
    const [[address, document] = []] = Object.entries(network.data('aws_iam_policy_document'));
    expect(network.one('aws_vpc_endpoint').policy).toBe(`\${data.aws_iam_policy_document.${address}.json}`);
    expect(document?.statement).toEqual([
      expect.objectContaining({
        condition: [{ test: 'StringEquals', variable: 'aws:PrincipalAccount', values: ['111122223333'] }],
      }),
    ]);
  });

  it('keep their addresses when one is added before them', () => {
    const before = made(['logs', 'sqs']).addresses;
    expect(made(['ecr.api', 'logs', 'sqs']).addresses).toEqual(expect.arrayContaining([...before]));
  });
});
