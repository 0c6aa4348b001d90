/** The types of which the sandbox has resources: the first ones always, a few more where they are enabled. */
import { firstTypeNames } from '../../../../../contracts/packs/tagging/types/index.ts';

const furtherTypes = [
  'ec2:volume',
  'dynamodb:table',
  'sqs:queue',
  'kms:key',
  'elasticloadbalancing:loadbalancer',
] as const;

export const sandboxTypes = [...firstTypeNames, ...furtherTypes] as const;
export type SandboxType = (typeof sandboxTypes)[number];
export type FirstType = (typeof firstTypeNames)[number];
export type FurtherType = (typeof furtherTypes)[number];

/** Those of the further types that are enabled. */
export const furtherAmong = (types: readonly string[]): readonly FurtherType[] =>
  furtherTypes.filter((type) => types.includes(type));
