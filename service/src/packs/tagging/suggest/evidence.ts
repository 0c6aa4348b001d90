/** What a resource says of itself and its surroundings, most reliable first. Pure. */
import type { Resource, Surroundings } from '../estate/estate.ts';

/** Confidence of a value by where it was read. */
export const confidences = {
  vpc: 0.85,
  role: 0.8,
  name: 0.75,
  arn: 0.65,
  application: 0.6,
  other: 0.5,
  owner: 0.45,
} as const;
/** Of what resources like it have, times how many of them agree and how many there are. */
export const SIMILAR = 0.7;
export const ENOUGH_SIMILAR = 5;

export interface Evidence {
  readonly source: keyof typeof confidences;
  readonly text: string;
  /** For people, before the text: `its VPC is called`. */
  readonly words: string;
}

/** Numbers that AWS gives: letters in them are no words. */
const serial = /\b[a-z]+-[0-9a-f]{8,}\b/g;
const named = (text: string): string => text.replaceAll(serial, '');

/** What leads to a resource in its ARN, and its name: of a service its cluster. Without the word for its type. */
const pathOf = ({ arn, type }: Resource): string => {
  const path = arn.split(':').slice(5).join(':');
  return type === 's3:bucket' ? path : path.split(/[/:]/).slice(1).join('/');
};

/** Texts in which a value of any tag may be named. */
export const evidenceOf = (resource: Resource, { vpcName, roleName }: Surroundings): Evidence[] => {
  const { Name, ...others } = resource.tags;
  const places: (Evidence | undefined)[] = [
    vpcName === undefined ? undefined : { source: 'vpc', text: vpcName, words: 'its VPC is called' },
    roleName === undefined ? undefined : { source: 'role', text: roleName, words: 'it runs as the role' },
    { source: 'name', text: Name ?? named(resource.id), words: 'it is called' },
    { source: 'arn', text: named(pathOf(resource)), words: 'its ARN has' },
  ];
  const tags = Object.entries(others).map(([key, value]): Evidence => {
    return { source: 'other', text: value, words: `its tag ${key} is` };
  });
  return [...places.filter((each) => each !== undefined), ...tags];
};
