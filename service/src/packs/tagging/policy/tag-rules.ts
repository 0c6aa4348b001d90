/** What AWS allows of a tag, so that a plan can tell what would fail. Pure. */

import type { ResourceType } from '../estate/resource-types.ts';
import { appliesTo, type LoadedPolicy } from './policy.ts';
import { errorsOf } from './violations.ts';

export const tagFaults = [
  'not_found',
  'unreadable',
  'old_arn_format',
  'reserved_prefix',
  'invalid_length',
  'invalid_characters',
  'tag_limit',
  'value_not_allowed',
] as const;
export type TagFault = (typeof tagFaults)[number];

/** Faults of resources whose tags were not read, so that nothing of them is planned. */
export const isUnread = (fault: string | undefined): boolean => fault === 'unreadable' || fault === 'old_arn_format';

/** What to do about a fault, where its name does not say it. */
export const remedies: Partial<Record<TagFault, string>> = {
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-arn-migration.html
  old_arn_format:
    'ECS tags services by the long ARN only, which names the cluster. Turn on the account setting serviceLongArnFormat, migrate the service to it, then name arn:…:service/CLUSTER/SERVICE.',
};

type Tags = Readonly<Record<string, string>>;

/** Characters, as AWS counts them: code points of Unicode, not units of UTF-16. */
export const MAX_KEY = 128;
export const MAX_VALUE = 256;
export const lengthOf = (text: string): number => [...text].length;

/** User tags one resource may carry; Amazon's own aws: tags are not counted. */
export const tagLimit = (type: ResourceType): number => (type === 'route53:hostedzone' ? 10 : 50);

const reserved = /^aws:/i;
const reservedByRds = /^(?:aws|rds):/i;
/** Written by AWS itself: no request may set, change or remove it. */
export const isSystemTag = (key: string): boolean => reserved.test(key);
const isReserved = (type: ResourceType, key: string): boolean =>
  (type.startsWith('rds:') ? reservedByRds : reserved).test(key);

/**
 * Text that no tag can be, in whatever service: AWS answers in XML and JSON, which cannot carry it, and what reads tags
 * line by line takes a separator for the end of one.
 */
const unwritable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

const anyService = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const ascii = /^[A-Za-z0-9 _.:/=+\-@]*$/;
const allowedCharacters = (type: ResourceType): RegExp | undefined => {
  if (type.startsWith('ec2:')) return undefined;
  // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_TagResource.html: knowledge bases too.
  return type.startsWith('bedrock:') ? ascii : anyService;
};

const isWritable = (type: ResourceType, text: string): boolean =>
  !unwritable.test(text) && (allowedCharacters(type)?.test(text) ?? true);

/** What is wrong with one tag on a resource of this type, whatever it carries already. */
export const faultOfTag = (type: ResourceType, key: string, value: string): TagFault | undefined => {
  if (isReserved(type, key)) return 'reserved_prefix';
  if (key === '' || lengthOf(key) > MAX_KEY || lengthOf(value) > MAX_VALUE) return 'invalid_length';
  return isWritable(type, key) && isWritable(type, value) ? undefined : 'invalid_characters';
};

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Why AWS would refuse one of these tags on a resource of this type, naming it and what to change. */
export const reasonOf = (type: ResourceType, set: Tags): string | undefined => {
  for (const [key, value] of Object.entries(set)) {
    const fault = faultOfTag(type, key, value);
    if (fault === undefined) continue;
    const name = JSON.stringify(key);
    if (fault === 'reserved_prefix') return `The key ${name} begins with a prefix that AWS keeps for itself.`;
    if (fault === 'invalid_length')
      return `The tag ${name} is too long or has no key: keys have 1 to ${MAX_KEY} characters, values up to ${MAX_VALUE}.`;
    const [part, text] = isWritable(type, key) ? ['value', value] : ['key', key];
    const wrong = [...text].find((character) => !isWritable(type, character)) ?? '';
    return `The ${part} of the tag ${name} holds ${codePoint(wrong)}, which ${type} does not take in tags.`;
  }
  return undefined;
};

export const countOfTags = (tags: Tags): number => Object.keys(tags).filter((key) => !isSystemTag(key)).length;

/** Tags after setting some: the others stay. */
export const mergeTags = (tags: Tags, set: Tags): Tags => ({ ...tags, ...set });

/** Why setting these tags would fail, by AWS's rules first and then by the policy's. */
export const faultOfChange = (
  type: ResourceType,
  current: Tags,
  set: Tags,
  policy: LoadedPolicy,
): TagFault | undefined => {
  for (const [key, value] of Object.entries(set)) {
    const fault = faultOfTag(type, key, value);
    if (fault !== undefined) return fault;
  }
  if (countOfTags(mergeTags(current, set)) > tagLimit(type)) return 'tag_limit';
  return breaksPolicy(type, set, policy) ? 'value_not_allowed' : undefined;
};

/** Why removing these keys would fail: AWS keeps some for itself. */
export const faultOfRemoval = (type: ResourceType, keys: readonly string[]): TagFault | undefined =>
  keys.some((key) => isReserved(type, key)) ? 'reserved_prefix' : undefined;

/** Would one of these values itself be a violation? Tags that are not set here are somebody else's business. */
const breaksPolicy = (type: ResourceType, set: Tags, policy: LoadedPolicy): boolean => {
  const judged = new Set(policy.policy.required_tags.filter((tag) => appliesTo(tag, type)).map((tag) => tag.name));
  const required = errorsOf(type, set, policy).some(
    (error) => judged.has(error.tagName) && error.currentValue !== null,
  );
  const optional = policy.policy.optional_tags.some(
    ({ name, allowed_values }) =>
      allowed_values !== null && Object.hasOwn(set, name) && !allowed_values.includes(set[name] ?? ''),
  );
  return required || optional;
};

/** Plain sentences about tags that do more than label. */
export const accessWarnings = (types: Iterable<ResourceType>): string[] => {
  const held = new Set(types);
  const warnings: string[] = [];
  if (held.has('kms:key')) warnings.push('Tags on KMS keys can grant or take away access where key policies use them.');
  if (held.has('s3:bucket'))
    warnings.push('Tags on S3 buckets can grant or take away access where attribute-based access control is on.');
  return warnings;
};
