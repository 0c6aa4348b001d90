import { natGateways, shapeOf } from './shape.ts';
import { edge, lambda, parsed, weekendOnly } from './testing/small.ts';

describe('the shape of an environment', () => {
  it.each([
    [
      'a public load balancer',
      {},
      { containers: true, vpc: true, loadBalancer: true, httpApi: false, distribution: false, waf: 'none', tls: true },
    ],
    [
      'an HTTP API before containers',
      { ingress_mode: 'api-gateway' },
      { httpApi: true, vpcLink: true, authorizer: true, distribution: false },
    ],
    ['CloudFront', { ...edge, waf: 'full' }, { distribution: true, httpApi: true, vpcLink: true, waf: 'distribution' }],
    ['a web ACL on the load balancer', { waf: 'basic' }, { waf: 'load-balancer' }],
    [
      'a function',
      lambda,
      {
        containers: false,
        vpc: false,
        loadBalancer: false,
        targetGroups: false,
        httpApi: true,
        vpcLink: false,
        distribution: true,
      },
    ],
    ['a function with PostgreSQL', { ...lambda, store_mode: 'postgres' }, { vpc: true, loadBalancer: false }],
    ['no NAT', { nat_mode: 'none' }, { publicTasks: true }],
    [
      'no load balancer between weekends',
      { ...weekendOnly, destroy_albs_when_scaled_down: true, alb_enabled: false },
      { loadBalancer: false, targetGroups: true },
    ],
    ['two colours', { blue_green: true }, { colours: ['blue', 'green'] }],
  ])('%s', (_, changes, shape) => {
    expect(shapeOf(parsed(changes))).toMatchObject(shape);
  });

  it.each([
    ['none', 0],
    ['single', 1],
    ['per-az', 2],
    [2, 2],
  ])('nat_mode %s makes %s gateways', (nat_mode, count) => {
    expect(natGateways(parsed({ nat_mode }))).toBe(count);
  });
});
