import { type AlarmSpec, alarmName } from './alarm.ts';
import { apiAlarms, edgeAlarms, type FrontLimits, type LoadBalancerWatch, loadBalancerAlarms } from './alarms-front.ts';

const limits: FrontLimits = { errors: 10, errorPeriods: 2, p99Milliseconds: 5000 };
const watch: LoadBalancerWatch = {
  arnSuffix: 'app/alb/1',
  targetGroups: { blue: 'targetgroup/blue/2' },
  healthyHosts: 2,
};
const byName = (alarms: readonly AlarmSpec[]) => Object.fromEntries(alarms.map((alarm) => [alarmName(alarm), alarm]));
const ofBalancer = (changes: Partial<LoadBalancerWatch> = {}, more: Partial<FrontLimits> = {}) =>
  byName(loadBalancerAlarms({ ...watch, ...changes }, { ...limits, ...more }));

describe('a load balancer', () => {
  it('sounds at more than 10 answers 5xx of its targets in 5 minutes, twice in a row', () => {
    expect(ofBalancer().errors).toMatchObject({
      watched: {
        namespace: 'AWS/ApplicationELB',
        name: 'HTTPCode_Target_5XX_Count',
        statistic: 'Sum',
        dimensions: { LoadBalancer: 'app/alb/1' },
      },
      sounds: 'above',
      threshold: 10,
      period: 300,
      periods: 2,
    });
    expect(ofBalancer()['load-balancer-errors']?.watched).toMatchObject({ name: 'HTTPCode_ELB_5XX_Count' });
  });

  it('sounds when p99 is over 5 s, and p95 over half a second where that is asked for', () => {
    expect(ofBalancer()['latency-p99']).toMatchObject({ threshold: 5, watched: { statistic: 'p99' } });
    expect(ofBalancer()).not.toHaveProperty('latency-p95');
    expect(ofBalancer({}, { p95Milliseconds: 500 })['latency-p95']).toMatchObject({
      threshold: 0.5,
      watched: { name: 'TargetResponseTime', statistic: 'p95' },
    });
  });

  it('sounds when over 1 % of all requests fail, its own failures included', () => {
    expect(ofBalancer({}, { errorPercent: 1 })['error-rate']).toMatchObject({
      threshold: 1,
      watched: {
        expression: '100 * (FILL(service, 0) + FILL(balancer, 0)) / requests',
        of: { requests: { name: 'RequestCount' } },
      },
    });
  });

  it('sounds at fewer than two healthy targets, and when nobody tells how many there are', () => {
    expect(ofBalancer()['healthy-hosts']).toMatchObject({
      watched: {
        expression: 'blue',
        of: { blue: { dimensions: { LoadBalancer: 'app/alb/1', TargetGroup: 'targetgroup/blue/2' } } },
      },
      sounds: 'below',
      threshold: 2,
      silence: 'wrong',
    });
    expect(ofBalancer({ healthyHosts: 0 })).not.toHaveProperty('healthy-hosts');
  });

  it('adds up the colours, of which one has no targets', () => {
    const targetGroups = { blue: 'b', green: 'g' };
    expect(ofBalancer({ targetGroups })['healthy-hosts']?.watched).toMatchObject({
      expression: 'FILL(blue, 0) + FILL(green, 0)',
    });
    expect(Object.keys(ofBalancer({ targetGroups }))).toEqual(
      expect.arrayContaining(['unhealthy-hosts-blue', 'unhealthy-hosts-green']),
    );
  });

  describe('whose count something else than Terraform sets', () => {
    const targetGroups = { blue: 'b', green: 'g' };
    const asked = { cluster: 'c', services: { blue: 's', green: 's-green' }, minimumPercent: 100 };
    const alarm = (changes: Partial<typeof asked & { enough: number }> = {}) =>
      ofBalancer({ targetGroups, healthyHosts: 3, asked: { ...asked, ...changes } })['healthy-hosts'];
    const hosts = 'FILL(blue, 0) + FILL(green, 0)';
    const wanted = 'FILL(asked_blue, 0) + FILL(asked_green, 0)';

    it('sounds at fewer healthy targets than are asked for, whatever that is', () => {
      expect(alarm()).toMatchObject({
        watched: {
          expression: `${hosts} - (${wanted}) * 1`,
          of: {
            green: { name: 'HealthyHostCount' },
            asked_green: {
              namespace: 'ECS/ContainerInsights',
              name: 'DesiredTaskCount',
              dimensions: { ClusterName: 'c', ServiceName: 's-green' },
            },
          },
        },
        sounds: 'below',
        threshold: 0,
      });
    });

    it('lets a deployment take as many as it may', () => {
      expect(alarm({ minimumPercent: 50 })?.watched).toMatchObject({ expression: `${hosts} - (${wanted}) * 0.5` });
      expect(alarm({ minimumPercent: 0 })?.watched).toMatchObject({ expression: `${hosts} - (${wanted}) * 0.01` });
    });

    it('has enough with as many as the settings say, or fewer where fewer are asked for', () => {
      expect(alarm({ enough: 2 })?.watched).toMatchObject({
        expression: `${hosts} - (IF((${wanted}) < 2, ${wanted}, 2))`,
      });
    });
  });

  it('expects targets only in the hours of a weekend service', () => {
    expect(ofBalancer({ weekend: { start: 6, end: 22 } })['healthy-hosts']).toMatchObject({
      watched: { expression: 'IF(DAY(blue) >= 6 AND HOUR(blue) >= 6 AND HOUR(blue) < 22, blue, 2)' },
      silence: 'fine',
    });
  });
});

describe('an HTTP API', () => {
  it('has latency and share of its own only where no load balancer tells them', () => {
    const more = { ...limits, p95Milliseconds: 500, errorPercent: 1 };
    expect(Object.keys(byName(apiAlarms('a1', more, false)))).toEqual(['api-errors']);
    const alone = byName(apiAlarms('a1', more, true));
    expect(Object.keys(alone)).toEqual(['api-errors', 'latency-p99', 'latency-p95', 'error-rate']);
    expect(alone['latency-p95']).toMatchObject({
      threshold: 500,
      watched: { namespace: 'AWS/ApiGateway', name: 'Latency', dimensions: { ApiId: 'a1' } },
    });
  });
});

it('CloudFront is watched by the share that fails', () => {
  expect(byName(edgeAlarms('E1', limits))['edge-errors']).toMatchObject({
    threshold: 5,
    watched: { name: '5xxErrorRate', dimensions: { DistributionId: 'E1', Region: 'Global' } },
  });
});
