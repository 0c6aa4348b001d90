/** A driver of a type whose service describes everything in pages. */
import type { Arn } from '../../estate/arn.ts';
import type { AwsAnswer } from '../observed.ts';
import type { Place, SendOptions } from '../place.ts';
import type { Listed, TypeDriver } from './driver.ts';
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

/** What one page is asked for. */
export interface PageAsk {
  /** Of the page before; undefined for the first. */
  readonly token: string | undefined;
  /** The resources that are asked about; undefined for everything. Where the service cannot be asked so, everything is read. */
  readonly named: readonly Arn[] | undefined;
}

export interface DescribedType<Client extends object, Page extends AwsAnswer, Item> extends TypeFacts<Client> {
  /** Most resources that `page` can be asked about. */
  readonly readsAtOnce: number;
  page(client: Client, ask: PageAsk, options: SendOptions): Promise<Page>;
  next(page: NoInfer<Page>): string | undefined;
  items(page: NoInfer<Page>): readonly Item[] | undefined;
  /** Null: it is gone, or it is none that the account may tag. */
  resource(item: NoInfer<Item>, place: Place, must: Must): ToldResource | null;
}

/**
 * A driver from what pages of its service say.
 * @example
 * export const fileSystem = describedType({
 *   type: 'fsx:file-system',
 *   api: fsxApi,
 *   noun: ['file system', 'file systems'],
 *   readsAtOnce: 50,
 *   missing: ['FileSystemNotFound'],
 *   page: (client, { token, named }, options) =>
 *     client.send(new DescribeFileSystemsCommand({ NextToken: token, FileSystemIds: named?.map(({ id }) => id) }), options),
 *   next: ({ NextToken }) => NextToken,
 *   items: ({ FileSystems }) => FileSystems,
 *   resource: (each, _place, must) => ({
 *     arn: must('ARN', each.ResourceARN),
 *     id: must('id', each.FileSystemId),
 *     state: must('state', each.Lifecycle),
 *     createdAt: each.CreationTime,
 *     tags: must('tags', each.Tags),
 *   }),
 *   set: (client, { arn }, tags, options) =>
 *     client.send(new TagResourceCommand({ ResourceARN: arn, Tags: toList(tags) }), options),
 *   remove: (client, { arn }, keys, options) =>
 *     client.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: [...keys] }), options),
 * });
 */
export const describedType = <Client extends object, Page extends AwsAnswer, Item>(
  form: DescribedType<Client, Page, Item>,
): TypeDriver => {
  const must = mustOf(form);
  const describe = async (place: Place, named?: readonly Arn[]): Promise<Listed[]> => {
    const found: Listed[] = [];
    const items = itemsOf(form, place, (client, token, options) => form.page(client, { token, named }, options));
    for await (const item of items) {
      const told = form.resource(item, place, must);
      if (told !== null) found.push(listedOf(form, told, place));
    }
    return found;
  };
  return {
    ...ofFacts(form),
    readsAtOnce: form.readsAtOnce,
    list: async (place) => ({ resources: await describe(place) }),
    read: async (place, arns) => {
      const listed = await describe(place, arns).catch((error: unknown) => noneIfMissing(form, arns, error));
      return withTags(form, place, listed, arns);
    },
  };
};
