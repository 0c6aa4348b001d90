import { synthesized } from '../testing/synthesized.ts';
import { GatewayEndpoints, type GatewayEndpointsProps } from './gateway-endpoints.ts';

const props: GatewayEndpointsProps = {
  vpcId: 'vpc-1',
  namePrefix: 'app',
  region: 'eu-west-1',
  routeTableIds: ['rtb-1', 'rtb-2'],
  accounts: ['111122223333', '444455556666'],
  readableObjects: ['arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*'],
};
const made = (changes: Partial<GatewayEndpointsProps> = {}) =>
  synthesized((stack) => new GatewayEndpoints(stack, 'gateway', { ...props, ...changes }));
const policies = (changes: Partial<GatewayEndpointsProps> = {}) =>
  Object.values(made(changes).data('aws_iam_policy_document')).map(({ statement }) => statement);

const ownAccounts = (service: string) => ({
  sid: 'OwnAccounts',
  principals: [{ type: '*', identifiers: ['*'] }],
  actions: [`${service}:*`],
  resources: ['*'],
  condition: [{ test: 'StringEquals', variable: 'aws:ResourceAccount', values: props.accounts }],
});

describe('gateway endpoints', () => {
  it('are in every table that is given', () => {
    const endpoints = Object.values(made().all('aws_vpc_endpoint'));
    expect(endpoints.map(({ service_name }) => service_name)).toEqual([
      'com.amazonaws.eu-west-1.dynamodb',
      'com.amazonaws.eu-west-1.s3',
    ]);
    for (const { vpc_endpoint_type, route_table_ids } of endpoints)
      expect([vpc_endpoint_type, route_table_ids]).toEqual(['Gateway', ['rtb-1', 'rtb-2']]);
  });

  it('reach resources of the own accounts, and elsewhere read the objects named', () => {
    expect(policies()).toEqual([
      [ownAccounts('dynamodb')],
      [ownAccounts('s3'), expect.objectContaining({ actions: ['s3:GetObject'], resources: props.readableObjects })],
    ]);
    expect(policies({ readableObjects: [] })).toEqual([[ownAccounts('dynamodb')], [ownAccounts('s3')]]);
  });
});
