/** What the estate needs to know of one resource type. One file a type beside this one. */
import type { TaggableType } from '../../../../../../contracts/packs.ts';
import type { Arn } from '../../arn.ts';
import type { Resource, Tags } from '../../estate.ts';
import type { Service } from '../clients.ts';
import type { Place } from '../place.ts';

/** A resource as its service lists it. Null tags: the service does not tell them, GetResources does. */
export interface Listed extends Omit<Resource, 'tags'> {
  readonly tags: Tags | null;
}

export interface TypeDriver {
  readonly type: TaggableType;
  /** The service asked, as metrics and messages name it. */
  readonly service: Service;
  /** Filter of GetResources, for a type whose listing has no tags. */
  readonly taggingFilter?: string;
  /** Everything of the type in a place, tagged or not. */
  list(place: Place): Promise<Listed[]>;
  /** Those of these ARNs that exist, with their tags, read from the service itself: GetResources lags behind writes. */
  read(place: Place, arns: readonly Arn[]): Promise<Resource[]>;
  /** Sets tags through the service's own API, for when the tagging API cannot. */
  tag(place: Place, arn: Arn, tags: Tags): Promise<void>;
  untag(place: Place, arn: Arn, keys: readonly string[]): Promise<void>;
}

export const iso = (date: Date | undefined): string | null => date?.toISOString() ?? null;

/** Tags from a list with any spelling of key and value. */
export const tagsFrom = (
  list:
    | readonly {
        readonly Key?: string | undefined;
        readonly Value?: string | undefined;
        readonly key?: string | undefined;
        readonly value?: string | undefined;
      }[]
    | undefined,
): Tags =>
  Object.fromEntries(
    (list ?? []).flatMap((tag) => {
      const key = tag.Key ?? tag.key;
      return key === undefined ? [] : [[key, tag.Value ?? tag.value ?? '']];
    }),
  );

export const toList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value }));

/** Does an error say that the thing does not exist? */
export const saysMissing = (error: unknown, ...names: string[]): boolean =>
  error instanceof Error && names.includes(error.name);
