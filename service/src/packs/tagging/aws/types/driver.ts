/** What the estate needs to know of one resource type. One file a type beside this one. */
import type { TaggableType } from '../../../../../../contracts/packs/tagging.ts';
import type { Arn } from '../../estate/arn.ts';
import type { Resource, Tags } from '../../estate/estate.ts';
import { member } from '../failure.ts';
import type { Place } from '../place.ts';

/** A resource as its service lists it. Null tags: the service does not tell them, GetResources does. */
export interface Listed extends Omit<Resource, 'tags'> {
  readonly tags: Tags | null;
}

/** What a listing found, and why it is not everything. */
export interface ResourceListing {
  readonly resources: readonly Listed[];
  readonly unread?: {
    /** Which part is not known, such as "2 of 9 domains". */
    readonly what: string;
    /** The first error. */
    readonly error: unknown;
  };
}

/** The listing of one account rather than of one region failed: every region is told, and it is one failure. */
export class AccountListingError extends Error {
  override readonly name = 'AccountListingError';
}

export interface TypeDriver {
  readonly type: TaggableType;
  /** The API that is asked, as metrics and messages name it. */
  readonly service: string;
  /**
   * The type belongs to a whole account, and the home region of the partition answers for it: CloudFront, Route 53. Its resources
   * are listed there, and in no other region.
   */
  readonly global?: true;
  /** Filter of GetResources, for a type whose listing has no tags. */
  readonly taggingFilter?: string;
  /** Most ARNs of one `read`. */
  readonly readsAtOnce: number;
  /** What the ARNs of one `read` must have in common: an ECS service's cluster. */
  readonly readTogether?: (arn: Arn) => string;
  /**
   * Everything of the type in a place, tagged or not. What could be read is kept when a part of it could not.
   * @throws when nothing could, or an answer lacks what it must contain
   */
  list(place: Place): Promise<ResourceListing>;
  /**
   * Those of these ARNs that exist, with their tags, read from the service itself: GetResources lags behind writes.
   * @throws for all of them when one call fails; whoever asks tries smaller groups
   */
  read(place: Place, arns: readonly Arn[]): Promise<Resource[]>;
  /** Sets tags through the service's own API, for when the tagging API cannot. */
  tag(place: Place, arn: Arn, tags: Tags): Promise<void>;
  untag(place: Place, arn: Arn, keys: readonly string[]): Promise<void>;
}

export const iso = (date: Date | undefined): string | null => date?.toISOString() ?? null;

export interface AnyTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

/**
 * Tags from a list with any spelling of key and value.
 * @throws MalformedAnswer for a tag without a key
 */
export const tagsFrom = (service: string, list: readonly AnyTag[]): Tags =>
  Object.fromEntries(
    list.map((tag) => [member(service, 'the key of a tag', tag.Key ?? tag.key), tag.Value ?? tag.value ?? '']),
  );

export const toList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value }));

/** As toList, where the service spells key and value in lower case. */
export const toSmallList = (tags: Tags): { key: string; value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));

/** Does an error say that the thing does not exist? */
export const saysMissing = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** Turns the errors of a listing's parts into what is not known. @throws the first error when no part could be read */
export const listingOf = (
  resources: readonly Listed[],
  errors: readonly unknown[],
  of: number,
  what: string,
): ResourceListing => {
  if (errors.length === 0) return { resources };
  if (errors.length >= of) throw errors[0];
  return { resources, unread: { what: `${errors.length} of ${of} ${what} could not be read`, error: errors[0] } };
};
