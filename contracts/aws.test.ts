import { arnPartition, partitionOf, regionName } from './aws.ts';
import { environment } from './environment.ts';
import { settings } from './settings/index.ts';

const regions = [
  'us-east-1',
  'ap-southeast-4',
  'mx-central-1',
  'us-gov-west-1',
  'cn-north-1',
  'us-isob-east-1',
  'eusc-de-east-1',
];

describe('AWS names', () => {
  it.each(regions)('%s is a region', (region) => {
    expect(region).toMatch(regionName);
  });

  it.each(['', 'us-east', 'us-east-1a', 'US-EAST-1', 'us_east_1', 'eu west 1'])('"%s" is no region', (name) => {
    expect(name).not.toMatch(regionName);
  });

  it.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-iso-e', 'aws-eusc'])('%s is a partition', (partition) => {
    expect(arnPartition.exec(`arn:${partition}:s3:::b`)?.[1]).toBe(partition);
  });

  it.each([
    ['eu-west-1', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['xx-new-east-1', 'aws'],
  ])('%s is in the partition %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });

  it('both halves take every region for the estate', () => {
    expect(environment.ESTATE_REGIONS.schema.safeParse(regions.join(',')).success).toBe(true);
    expect(settings.estate_regions.schema.safeParse(regions).success).toBe(true);
  });
});
