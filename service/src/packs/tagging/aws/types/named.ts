/** A driver of a type whose service lists names, and describes those that it is asked about. */
import type { Arn } from '../../estate/arn.ts';
import { inBatches } from '../batches.ts';
import { MalformedAnswer, member } from '../failure.ts';
import type { AwsAnswer } from '../observed.ts';
import type { Place, SendOptions } from '../place.ts';
import { type Listed, listingOf, saysMissing, type TypeDriver } from './driver.ts';
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

const AT_ONCE = 4;

export interface NamedType<Client extends object, Page extends AwsAnswer, Answer extends AwsAnswer, Detail>
  extends TypeFacts<Client> {
  page(client: Client, token: string | undefined, options: SendOptions): Promise<Page>;
  next(page: NoInfer<Page>): string | undefined;
  /** The names by which `describe` is asked: ids or ARNs. */
  names(page: NoInfer<Page>): readonly (string | undefined)[] | undefined;
  /** The name of a resource, from its ARN. */
  nameIn(arn: Arn): string;
  /** Most names of one `describe`. */
  readonly describesAtOnce: number;
  describe(client: Client, names: readonly string[], options: SendOptions): Promise<Answer>;
  details(answer: NoInfer<Answer>): readonly Detail[] | undefined;
  /** Names that the answer says do not exist. Default: none. */
  gone?(answer: NoInfer<Answer>): readonly (string | undefined)[];
  /** The name of what is described. */
  nameOf(detail: NoInfer<Detail>): string | undefined;
  /** Null: it is gone, or it is none that the account may tag. */
  resource(detail: NoInfer<Detail>, place: Place, must: Must): ToldResource | null;
}

/**
 * A driver from names and what the service says of each. What it was asked about and does not mention is not known: the listing
 * says so.
 * @example
 * export const project = namedType({
 *   type: 'codebuild:project',
 *   api: codebuildApi,
 *   noun: ['project', 'projects'],
 *   describesAtOnce: 100,
 *   page: (client, nextToken, options) => client.send(new ListProjectsCommand({ nextToken }), options),
 *   next: ({ nextToken }) => nextToken,
 *   names: ({ projects }) => projects,
 *   nameIn: ({ id }) => id,
 *   describe: (client, names, options) => client.send(new BatchGetProjectsCommand({ names: [...names] }), options),
 *   details: ({ projects }) => projects,
 *   gone: ({ projectsNotFound = [] }) => projectsNotFound,
 *   nameOf: ({ name }) => name,
 *   resource: (each, _place, must) => ({
 *     arn: must('ARN', each.arn),
 *     id: must('name', each.name),
 *     createdAt: each.created,
 *     tags: each.tags ?? [],
 *   }),
 *   set: ...,
 *   remove: ...,
 * });
 */
export const namedType = <Client extends object, Page extends AwsAnswer, Answer extends AwsAnswer, Detail>(
  form: NamedType<Client, Page, Answer, Detail>,
): TypeDriver => {
  const { api, noun, missing = [] } = form;
  const must = mustOf(form);

  const everyName = async (place: Place): Promise<string[]> => {
    const found: string[] = [];
    const listing = { ...form, items: (page: Page) => form.names(page), next: (page: Page) => form.next(page) };
    const names = itemsOf(listing, place, (client, token, options) => form.page(client, token, options));
    for await (const name of names) found.push(must('name', name));
    return found;
  };

  const describe = async (place: Place, names: readonly string[]): Promise<Listed[]> => {
    const answer = await place.send(api, (client, options) => form.describe(client, names, options));
    const details = member(api.name, `the description of ${noun[1]}`, form.details(answer));
    const told = new Set([...details.map((each) => form.nameOf(each)), ...(form.gone?.(answer) ?? [])]);
    if (names.some((name) => !told.has(name))) throw new MalformedAnswer(api.name, `every one of the ${noun[1]} asked`);
    return details.flatMap((detail) => {
      const about = form.resource(detail, place, must);
      return about === null ? [] : [listedOf(form, about, place)];
    });
  };

  /** As describe; one that went away since it was listed is nothing. */
  const describeThere = async (place: Place, names: readonly string[]): Promise<Listed[]> => {
    try {
      return await describe(place, names);
    } catch (error) {
      if (names.length === 1 && saysMissing(error, ...missing)) return [];
      throw error;
    }
  };

  return {
    ...ofFacts(form),
    readsAtOnce: form.describesAtOnce,
    list: async (place) => {
      const names = await everyName(place);
      const { results, failed } = await inBatches(names, { size: form.describesAtOnce, limit: AT_ONCE }, (batch) =>
        describeThere(place, batch),
      );
      return listingOf(
        results,
        failed.map((each) => each.error),
        names.length,
        noun[1],
      );
    },
    read: async (place, arns) => {
      const names = arns.map((arn) => form.nameIn(arn));
      const listed = await describe(place, names).catch((error: unknown) => noneIfMissing(form, arns, error));
      return withTags(form, place, listed, arns);
    },
  };
};
