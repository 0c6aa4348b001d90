/** ARNs, taken apart. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
import { arnPartition } from '../../../../../contracts/aws.ts';
import { CountersignError } from '../../../errors.ts';
import { nameInResource, type ResourceType, resourceTypeNames, resourceTypes } from './resource-types.ts';

export interface Arn {
  readonly arn: string;
  readonly partition: string;
  /** Empty for S3 buckets, whose ARNs carry neither account nor region, and for global services. */
  readonly accountId: string;
  readonly region: string;
  readonly type: ResourceType;
  /** The last part of its name: instance id, bucket, function name. */
  readonly id: string;
}

const pattern = new RegExp(`${arnPartition.source}([a-z0-9-]+):([a-z0-9-]*):(\\d{12})?:(.+)$`);
const matchers = resourceTypeNames.map((type) => ({
  type,
  service: resourceTypes[type].service,
  resource: new RegExp(`^${resourceTypes[type].resource}$`),
}));
/** Longest ARN the services accept. */
export const MAX_ARN_LENGTH = 1011;

/** The parts of an ARN, or undefined when it is none or its type is not one a policy can name. */
export const parseArn = (arn: string): Arn | undefined => {
  if (arn.length > MAX_ARN_LENGTH) return undefined;
  const [, partition, service, region, accountId = '', resource] = pattern.exec(arn) ?? [];
  if (partition === undefined || region === undefined || resource === undefined) return undefined;
  const match = matchers.find((matcher) => matcher.service === service && matcher.resource.test(resource));
  if (match === undefined) return undefined;
  return { arn, partition, accountId, region, type: match.type, id: nameInResource(match.type, resource) };
};

/** An ECS service by the ARN from before services' ARNs named their cluster. ECS refuses to tag those. */
export const isOldServiceArn = ({ type, arn }: Arn): boolean => type === 'ecs:service' && arn.split('/').length === 2;

/**
 * One name for a resource, whichever of the ARNs that parse as its own is used: the partition follows from the account,
 * and a bucket's name is its own, with or without a region and account before it.
 */
export const resourceKeyOf = (resourceId: string): string => {
  const arn = parseArn(resourceId);
  if (arn === undefined) return resourceId;
  return arn.type === 's3:bucket' ? `s3:${arn.id}` : resourceId.slice(`arn:${arn.partition}:`.length);
};

/** @throws invalid_input naming the field and every ARN that is none */
export const parseArns = (field: string, arns: readonly string[]): Arn[] => {
  const parsed = arns.map((arn) => parseArn(arn));
  const wrong = arns.filter((_, at) => parsed[at] === undefined);
  if (wrong.length > 0)
    throw new CountersignError(
      'invalid_input',
      `${field}: ${wrong.length} of ${arns.length} are not ARNs of a known resource type, the first at position ${arns.indexOf(wrong[0] ?? '') + 1}.`,
      { details: { positions: wrong.slice(0, 20).map((arn) => arns.indexOf(arn) + 1) } },
    );
  return parsed.filter((arn) => arn !== undefined);
};
