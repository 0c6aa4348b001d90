import { regionalSettings } from './index.ts';
import { parseSettings } from './parse.ts';
import { shapeOf } from './shape.ts';
import { both, problems, shared, small } from './testing/small.ts';

describe('several regions', () => {
  // A custom image keeps no state here that regions could share.
  const two = {
    ...both,
    container: 'custom',
    store_mode: 'none',
    auth: 'none',
    sso_issuer: undefined,
    sso_client_id: undefined,
  };

  it('have settings of their own, and share the rest', () => {
    const result = parseSettings({ ...small, ...two });
    expect(result).toMatchObject({
      ok: true,
      regions: [
        { regions: ['us-east-1', 'us-west-2'], vpc_cidr: '10.0.0.0/16', task_cpu: 512, latency_routing: true },
        { regions: ['us-west-2', 'us-east-1'], vpc_cidr: '10.9.0.0/16', task_cpu: 512, state_region: 'us-east-1' },
      ],
    });
  });

  it('share one state where one of them is the home, and are not chosen by latency', () => {
    const result = parseSettings({ ...small, ...shared, home_region: 'us-west-2' });
    const same = { home_region: 'us-west-2', primary_region: 'us-east-1', latency_routing: false };
    expect(result).toMatchObject({ ok: true, regions: [same, same] });
    const shapes = result.ok ? result.regions.map(shapeOf) : [];
    for (const shape of shapes) expect(shape).toMatchObject({ sharedState: true, oneOfRegions: true });
  });

  it('are named by what is wrong in them', () => {
    const wrong = { ...two.region_settings['us-west-2'], vpc_cidr: '10.8.0.0/16' };
    expect(problems({ ...two, region_settings: { 'us-west-2': wrong } })).toContain(
      'region_settings.us-west-2.public_cidrs must lie inside vpc_cidr (in us-west-2)',
    );
    expect(problems({ regions: ['us-east-1', 'us-west-2'] })).toContainEqual(
      expect.stringMatching(/^availability_zones must lie in the region.*\(in us-west-2\)$/),
    );
  });

  it('take regional settings only, for regions of the environment only', () => {
    expect(
      problems({
        ...two,
        region_settings: { 'us-west-2': { ...two.region_settings['us-west-2'], log_retention_days: 7 } },
      }),
    ).toEqual([
      `region_settings.us-west-2.log_retention_days cannot differ between regions; these can: ${regionalSettings.join(', ')}`,
    ]);
    expect(problems({ region_settings: { 'eu-west-1': {} } })).toEqual([
      'region_settings.eu-west-1 is no region of this environment: add it to regions',
    ]);
  });
});
