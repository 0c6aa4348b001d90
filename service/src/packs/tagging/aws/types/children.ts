/** A driver of a type that is listed within another: tables in a database, node groups in a cluster. */
import type { Arn } from '../../estate/arn.ts';
import type { Resource } from '../../estate/estate.ts';
import { settled } from '../parallel.ts';
import type { Place } from '../place.ts';
import { type Listed, listingOf, type ResourceListing, saysMissing, type TypeDriver } from './driver.ts';

const AT_ONCE = 4;

export interface ChildType extends Pick<TypeDriver, 'type' | 'service'> {
  /** What the parents are called, for messages. */
  readonly parentsNoun: string;
  /** Every parent of a place, tagged or not. */
  parents(place: Place): Promise<readonly string[]>;
  /** The parent, from the ARN of a child. */
  parentOf(arn: Arn): string;
  /** Errors that say that a parent does not exist. */
  readonly missing: readonly string[];
  /** The children of one parent, with their tags. */
  list(place: Place, parent: string): Promise<ResourceListing>;
}

/** A type whose children tell their tags where they are listed, or have none. */
export const childrenOf = (
  form: ChildType,
): Pick<TypeDriver, 'type' | 'service' | 'readTogether' | 'list' | 'read'> => {
  const { type, service, parentsNoun, missing, parentOf } = form;
  /** One that went away since it was listed has no children. */
  const within = async (place: Place, parent: string): Promise<ResourceListing> => {
    try {
      return await form.list(place, parent);
    } catch (error) {
      if (saysMissing(error, ...missing)) return { resources: [] };
      throw error;
    }
  };
  return {
    type,
    service,
    readTogether: parentOf,
    list: async (place) => {
      const parents = await form.parents(place);
      const { results, errors } = await settled(parents, AT_ONCE, (parent) => within(place, parent));
      const whole = listingOf([], errors, parents.length, parentsNoun);
      const unread = whole.unread ?? results.find((each) => each.unread !== undefined)?.unread;
      const resources = results.flatMap((each) => each.resources);
      return unread === undefined ? { resources } : { resources, unread };
    },
    read: async (place, arns) => {
      const [first] = arns;
      if (first === undefined) return [];
      const { resources, unread } = await within(place, parentOf(first));
      const asked = new Set(arns.map(({ arn }) => arn));
      const found = resources.filter(({ arn }) => asked.has(arn));
      // One that is not among them may be in the part that was not read.
      if (unread !== undefined && found.length < asked.size) throw unread.error;
      return found.map(withTold);
    },
  };
};

const withTold = (listed: Listed): Resource => ({ ...listed, tags: listed.tags ?? {} });
