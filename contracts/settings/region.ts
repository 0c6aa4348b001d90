/** Regions and zones that a tfvars file may name: those there are. */
import { z } from 'zod';
import { partitionOf, regionName } from '../aws.ts';
import { didYouMean } from '../nearest.ts';

/** Regions of the partition aws. https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const known = [
  ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1'],
  ...['ap-south-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
  ...['ap-southeast-6', 'ap-southeast-7', 'ca-central-1', 'ca-west-1', 'eu-central-1', 'eu-central-2', 'eu-north-1'],
  ...['eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'il-central-1', 'me-central-1', 'me-south-1'],
  ...['mx-central-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
];

/** Newer than the AWS provider of docs/adr/0007: its plan would end with "invalid AWS Region". */
const newerThanProvider = ['ap-southeast-6'];

const BE = 'must be an AWS region such as eu-west-1';

/** Why a region cannot be deployed to; undefined where it can. */
const refusal = (region: string): string | undefined => {
  if (!regionName.test(region)) return BE;
  const partition = partitionOf(region);
  if (partition !== 'aws')
    return `is in the partition ${partition}. Countersign runs in the partition aws only: the others lack AWS Budgets or CloudFront, and have other host names`;
  if (!known.includes(region))
    return `is no region of AWS${didYouMean(region, known) || '.'} All are listed in contracts/settings/region.ts`;
  if (newerThanProvider.includes(region))
    return 'is newer than the pinned version of the AWS provider, which refuses it: upgrade that first (docs/adr/0007-provider-pin-and-the-fork.md)';
  return undefined;
};

/** A region that something is deployed to. */
export const region = z.string({ error: BE }).superRefine((region, context) => {
  const message = refusal(region);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** A region that is only read and tagged, whatever its partition and however new: known by its form. */
export const estateRegion = z.string().regex(regionName, { error: BE });

/**
 * No region has more than six zones, whose names are its own and a letter. Local Zones, such as us-west-2-lax-1a, lack
 * most of what is made here. https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
export const zone = z
  .string({ error: 'must be an availability zone such as eu-west-1a' })
  .superRefine((zone, context) => {
    const [, region, letter] = /^(.+-\d+)([a-z])$/.exec(zone) ?? [];
    const message =
      region === undefined || letter === undefined || !regionName.test(region)
        ? 'must be an availability zone such as eu-west-1a: the name of the region and a letter. Zone ids and Local Zones are not taken'
        : (refusal(region) ?? (letter > 'f' ? 'is no zone: the letter of a zone is a to f' : undefined));
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
