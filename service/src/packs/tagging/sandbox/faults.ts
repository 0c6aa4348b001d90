/** What AWS answers when a tag cannot be written, per service, so that the sandbox fails as the real thing does. */
import type { WriteOutcome } from '../estate/estate.ts';
import { countOfTags, faultOfTag, mergeTags, tagLimit } from '../policy/tag-rules.ts';
import type { SandboxResource } from './generate.ts';
import type { SandboxType } from './types.ts';

interface Codes {
  readonly missing: string;
  readonly limit: string;
  readonly invalid: string;
}

const codes: Record<SandboxType, Codes> = {
  'ec2:instance': {
    missing: 'InvalidInstanceID.NotFound',
    limit: 'TagLimitExceeded',
    invalid: 'InvalidParameterValue',
  },
  'rds:db': { missing: 'DBInstanceNotFound', limit: 'InvalidParameterValue', invalid: 'InvalidParameterValue' },
  's3:bucket': { missing: 'NoSuchBucket', limit: 'BadRequest', invalid: 'InvalidTag' },
  'lambda:function': {
    missing: 'ResourceNotFoundException',
    limit: 'InvalidParameterValueException',
    invalid: 'InvalidParameterValueException',
  },
  'ecs:cluster': {
    missing: 'ClusterNotFoundException',
    limit: 'InvalidParameterException',
    invalid: 'InvalidParameterException',
  },
  'ecs:service': {
    missing: 'ServiceNotFoundException',
    limit: 'InvalidParameterException',
    invalid: 'InvalidParameterException',
  },
  'opensearch:domain': {
    missing: 'ResourceNotFoundException',
    limit: 'LimitExceededException',
    invalid: 'ValidationException',
  },
  'ec2:volume': { missing: 'InvalidVolume.NotFound', limit: 'TagLimitExceeded', invalid: 'InvalidParameterValue' },
  'dynamodb:table': {
    missing: 'ResourceNotFoundException',
    limit: 'LimitExceededException',
    invalid: 'ValidationException',
  },
  'sqs:queue': {
    missing: 'QueueDoesNotExist',
    limit: 'InvalidParameterValue',
    invalid: 'InvalidParameterValue',
  },
  'kms:key': { missing: 'NotFoundException', limit: 'LimitExceededException', invalid: 'TagException' },
  'elasticloadbalancing:loadbalancer': {
    missing: 'LoadBalancerNotFound',
    limit: 'TooManyTags',
    invalid: 'ValidationError',
  },
};

const failed = (arn: string, code: string, message: string): WriteOutcome => ({ arn, ok: false, code, message });

export const throttled = (arn: string): WriteOutcome => failed(arn, 'ThrottlingException', 'Rate exceeded');
export const missing = (arn: string, type: SandboxType): WriteOutcome =>
  failed(arn, codes[type].missing, 'The resource does not exist.');

/** Why a service would refuse these tags on this resource. */
export const refusal = (resource: SandboxResource, set: Readonly<Record<string, string>>): WriteOutcome | undefined => {
  const { arn, type, tags, state } = resource;
  if (state === 'terminated') return missing(arn, type);
  for (const [key, value] of Object.entries(set)) {
    const fault = faultOfTag(type, key, value);
    if (fault !== undefined) return failed(arn, codes[type].invalid, `The tag is not valid: ${fault}.`);
  }
  return countOfTags(mergeTags(tags, set)) > tagLimit(type)
    ? failed(arn, codes[type].limit, `A resource can have ${tagLimit(type)} tags.`)
    : undefined;
};

/** Keys AWS keeps for itself cannot be removed either. */
export const refusalToRemove = ({ arn, type }: SandboxResource, keys: readonly string[]): WriteOutcome | undefined =>
  keys.some((key) => faultOfTag(type, key, '') === 'reserved_prefix')
    ? failed(arn, codes[type].invalid, 'Tags with a reserved prefix cannot be removed.')
    : undefined;
