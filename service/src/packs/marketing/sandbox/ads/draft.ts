/** What a mutate would write, laid over what there is until all of it is known to be right. */
import { type AdsError, AdsRefusal, adsError } from './refusals.ts';
import {
  type AdsState,
  type Collection,
  type Customer,
  collectionOf,
  customerIdOf,
  type Fields,
  isRemoved,
  type Json,
  resourceNameOf,
} from './state.ts';

/** One resource that is written: as it was, and as it becomes. */
export interface Written {
  readonly kind: 'CREATE' | 'UPDATE' | 'REMOVE';
  readonly before?: Fields;
  readonly after: Fields;
  /** Names of the fields that were set, in camel case. */
  readonly fields: readonly string[];
}

export interface Draft {
  readonly customer: Customer;
  /** @throws AdsRefusal where there is none, or it was removed */
  live(resourceName: string, ...path: readonly string[]): Fields;
  /** Those of a collection that were not removed. */
  each(collection: Collection): Fields[];
  /** `customers/1234567890/campaigns/` and a new id, below its parent's where it has one. */
  newName(collection: Collection, parentId?: string): { readonly resourceName: string; readonly id: string };
  readonly written: readonly Written[];
  write(written: Written): void;
}

export const invalid = (...errors: readonly AdsError[]): AdsRefusal => new AdsRefusal('INVALID_ARGUMENT', ...errors);

export const openDraft = (state: AdsState, customer: Customer): Draft => {
  const overlay = new Map<string, Fields>();
  const written: Written[] = [];
  const get = (name: string) => overlay.get(name) ?? state.get(name);
  return {
    customer,
    written,
    live: (name, ...path) => {
      if (customerIdOf(name) !== customer.id)
        throw invalid(adsError('requestError', 'RESOURCE_NAME_MALFORMED', 'The resource name is malformed.', ...path));
      const found = get(name);
      if (found === undefined)
        throw invalid(adsError('mutateError', 'RESOURCE_NOT_FOUND', 'Resource was not found.', ...path));
      if (!isRemoved(found)) return found;
      const message = 'The operation is not allowed for removed resources.';
      throw invalid(adsError('contextError', 'OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE', message, ...path));
    },
    each: (collection) => {
      const drafted = [...overlay.values()].filter((each) => collectionOf(resourceNameOf(each)) === collection);
      const held = state.all(customer.id, collection).filter((each) => !overlay.has(resourceNameOf(each)));
      return [...held, ...drafted].filter((each) => !isRemoved(each));
    },
    newName: (collection, parentId) => {
      const id = state.nextId();
      const own = parentId === undefined ? id : `${parentId}~${id}`;
      return { resourceName: `customers/${customer.id}/${collection}/${own}`, id };
    },
    write: (each) => {
      written.push(each);
      overlay.set(resourceNameOf(each.after), each.after);
    },
  };
};

export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
