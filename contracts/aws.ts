/** How AWS spells its regions and partitions. Known by their form and not by a list, because AWS adds to each. */

/** us-east-1, ap-southeast-4, us-isob-east-1, eusc-de-east-1. */
export const regionName = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

/** The partition an ARN begins with: aws, aws-cn, aws-us-gov, aws-iso-b, aws-eusc. */
export const arnPartition = /^arn:(aws(?:-[a-z]+)*):/;

/** Partitions by how their regions begin. The platform must know before it can ask AWS; the service asks. */
const partitions: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'aws-cn'],
  [/^us-gov-/, 'aws-us-gov'],
  [/^us-iso-/, 'aws-iso'],
  [/^us-isob-/, 'aws-iso-b'],
  [/^eu-isoe-/, 'aws-iso-e'],
  [/^us-isof-/, 'aws-iso-f'],
  [/^eusc-/, 'aws-eusc'],
];

/** The partition a region belongs to; aws for every region that is not known to belong to another. */
export const partitionOf = (region: string): string => partitions.find(([begins]) => begins.test(region))?.[1] ?? 'aws';
