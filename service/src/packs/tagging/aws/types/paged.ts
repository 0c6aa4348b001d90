/** A driver of a type whose pages tell resources without their tags, and whose service is asked for tags by the ARN. */
import type { AwsAnswer } from '../observed.ts';
import { type Place, pages, type SendOptions } from '../place.ts';
import type { AnyTag, Listed, TypeDriver } from './driver.ts';
import {
  itemsOf,
  listedOf,
  type Must,
  mustOf,
  noneIfMissing,
  ofFacts,
  type ToldResource,
  type TypeFacts,
  withTags,
} from './form.ts';

export interface PagedType<Client extends object, Page extends AwsAnswer, Item> extends TypeFacts<Client> {
  readonly taggingFilter: string;
  /** Errors by which `tags` says that there is no such resource. */
  readonly missing: readonly string[];
  tags: NonNullable<TypeFacts<Client>['tags']>;
  page(client: Client, token: string | undefined, options: SendOptions): Promise<Page>;
  next(page: Page): string | undefined;
  items(page: Page): readonly Item[] | undefined;
  /** Null: it is none of the account's own, or going away. */
  resource(item: Item, place: Place, must: Must): Omit<ToldResource, 'tags'> | null;
}

/**
 * A driver from pages of names, with one call for the tags of a resource that is read by its ARN. The listing takes its tags from
 * GetResources: a call for each resource would take minutes where there are thousands.
 * @example
 * export const pipeline = pagedType({
 *   type: 'codepipeline:pipeline',
 *   api: codepipelineApi,
 *   noun: ['pipeline', 'pipelines'],
 *   taggingFilter: 'codepipeline',
 *   missing: ['ResourceNotFoundException'],
 *   page: (client, nextToken, options) => client.send(new ListPipelinesCommand({ nextToken }), options),
 *   next: ({ nextToken }) => nextToken,
 *   items: ({ pipelines }) => pipelines,
 *   resource: ({ name, created }, place, must) => ({
 *     arn: arnIn(place, 'codepipeline', must('name', name)),
 *     id: must('name', name),
 *     createdAt: created,
 *   }),
 *   tags: async (client, { arn }, options) =>
 *     (await client.send(new ListTagsForResourceCommand({ resourceArn: arn }), options)).tags,
 *   set: ...,
 *   remove: ...,
 * });
 */
export const pagedType = <Client extends object, Page extends AwsAnswer, Item>(
  form: PagedType<Client, Page, Item>,
): TypeDriver => {
  const must = mustOf(form);
  return {
    ...ofFacts(form),
    // A service is asked for the tags of one resource a call.
    readsAtOnce: 1,
    list: async (place) => {
      const resources: Listed[] = [];
      const items = itemsOf(form, place, (client, token, options) => form.page(client, token, options));
      for await (const item of items) {
        const told = form.resource(item, place, must);
        if (told !== null) resources.push(listedOf(form, { ...told, tags: null }, place));
      }
      return { resources };
    },
    read: (place, arns) => {
      const named = arns.map(({ arn, id }) => listedOf(form, { arn, id, tags: null }, place));
      return withTags(form, place, named, arns).catch((error: unknown) => noneIfMissing(form, arns, error));
    },
  };
};

/**
 * Every tag of a resource whose service tells them in pages. Undefined: a page has no list of them.
 * @throws MalformedAnswer when a page names itself as the next one
 */
export const tagPages = async <Page>(
  ask: (token: string | undefined) => Promise<Page>,
  next: (page: Page) => string | undefined,
  tagsOf: (page: Page) => readonly AnyTag[] | undefined,
): Promise<readonly AnyTag[] | undefined> => {
  const found: AnyTag[] = [];
  for await (const page of pages(ask, next)) {
    const tags = tagsOf(page);
    if (tags === undefined) return undefined;
    found.push(...tags);
  }
  return found;
};

/** An ARN of the place, from its service and its resource part. */
export const arnIn = ({ partition, region, accountId }: Place, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${accountId}:${resource}`;

/** The resource part of an ARN: what follows the account. */
export const resourceIn = (arn: string): string => arn.split(':').slice(5).join(':');
