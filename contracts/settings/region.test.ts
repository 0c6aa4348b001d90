import { settings } from './index.ts';
import { parseSettings } from './parse.ts';

const small = {
  project_name: 'shop',
  environment: 'dev',
  account_id: '111122223333',
  regions: ['us-east-1'],
  compute_mode: 'lambda',
  ingress_mode: 'api-gateway',
  store_mode: 'dynamodb',
  auth: 'cognito',
  domain_name: 'mcp.example.com',
  hosted_zone_id: 'Z0123456789',
};
const said = (changes: Record<string, unknown>): string[] => {
  const parsed = parseSettings({ ...small, ...changes });
  return parsed.ok ? [] : parsed.problems.map(({ setting, problem }) => `${setting} ${problem}`);
};

describe('a region', () => {
  it.each(['us-east-1', 'eu-central-2', 'ap-southeast-7', 'ca-west-1', 'il-central-1', 'mx-central-1', 'ap-east-2'])(
    '%s can be deployed to',
    (region) => {
      expect(said({ regions: [region] })).toEqual([]);
    },
  );

  it.each([
    ['us-east-9', 'is no region of AWS; did you mean us-east-'],
    ['eu-est-1', 'is no region of AWS; did you mean eu-west-1?'],
    ['xx-new-east-1', 'is no region of AWS'],
    ['us-east-1a', 'must be an AWS region such as eu-west-1'],
    ['Ireland', 'must be an AWS region such as eu-west-1'],
    ['ap-southeast-6', 'is newer than the pinned version of the AWS provider'],
    ['us-gov-west-1', 'is in the partition aws-us-gov. Countersign runs in the partition aws only'],
    ['us-gov-east-1', 'is in the partition aws-us-gov. Countersign runs in the partition aws only'],
    ['cn-north-1', 'is in the partition aws-cn. Countersign runs in the partition aws only'],
    ['cn-northwest-1', 'is in the partition aws-cn. Countersign runs in the partition aws only'],
    ['us-iso-east-1', 'is in the partition aws-iso. Countersign runs in the partition aws only'],
    ['us-isob-east-1', 'is in the partition aws-iso-b. Countersign runs in the partition aws only'],
    ['eusc-de-east-1', 'is in the partition aws-eusc. Countersign runs in the partition aws only'],
  ])('%s cannot', (region, says) => {
    expect(said({ regions: [region] })).toContainEqual(expect.stringContaining(`regions.0 ${says}`));
  });

  it.each(['state_region', 'backup_region'])('is what %s names', (name) => {
    expect(said({ [name]: 'us-east-9' })).toContainEqual(expect.stringContaining(`${name} is no region of AWS`));
    expect(said({ [name]: 'us-gov-west-1' })).toContainEqual(expect.stringContaining('is in the partition aws-us-gov'));
  });

  it('is what lists of regions and settings of regions name', () => {
    expect(said({ table_replica_regions: ['us-east-9'] })).toContainEqual(
      expect.stringContaining('table_replica_regions.0 is no region of AWS'),
    );
    expect(said({ region_settings: { 'us-east-9': {} } })).toContainEqual(
      expect.stringContaining('region_settings.us-east-9 is no region of AWS'),
    );
  });

  it('of the estate may lie in another partition, and be newer than all of this', () => {
    const { schema } = settings.estate_regions;
    expect(schema.safeParse(['us-gov-west-1', 'eusc-de-east-1', 'ap-southeast-6', 'us-east-9']).success).toBe(true);
    expect(schema.safeParse(['Ireland']).success).toBe(false);
  });
});

describe('a zone', () => {
  const zones = (...names: string[]) => said({ availability_zones: names });

  it('is the name of its region and a letter', () => {
    expect(zones('us-east-1a', 'us-east-1f')).toEqual([]);
  });

  it.each([
    ['us-east-1z', 'is no zone: the letter of a zone is a to f'],
    ['us-east-9a', 'is no region of AWS'],
    ['us-east-1', 'must be an availability zone such as eu-west-1a'],
    ['us-east-1A', 'must be an availability zone such as eu-west-1a'],
    ['us-east-1ab', 'must be an availability zone such as eu-west-1a'],
    ['use1-az1', 'must be an availability zone such as eu-west-1a'],
    ['us-west-2-lax-1a', 'must be an availability zone such as eu-west-1a'],
  ])('is not %s', (name, says) => {
    expect(zones('us-east-1a', name)).toContainEqual(expect.stringContaining(`availability_zones.1 ${says}`));
  });

  it('of another region is refused with the remedy', () => {
    expect(zones('us-east-1a', 'us-east-2a')).toContainEqual(
      expect.stringMatching(/^availability_zones must lie in the region: give zones whose name starts with it/),
    );
  });
});
