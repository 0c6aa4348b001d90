/**
 * What the forms of drivers share: described.ts, where pages tell everything, named.ts, where they tell names, and paged.ts, where
 * they tell everything but tags.
 */

import { isGlobal } from '../../../../../../contracts/packs/tagging/types/index.ts';
import type { TaggableType } from '../../../../../../contracts/packs/tagging.ts';
import type { Arn } from '../../estate/arn.ts';
import type { Resource, Tags } from '../../estate/estate.ts';
import type { AwsApi } from '../api.ts';
import { member } from '../failure.ts';
import type { AwsAnswer } from '../observed.ts';
import { inParallel } from '../parallel.ts';
import { type Place, pages, type SendOptions } from '../place.ts';
import { type AnyTag, iso, type Listed, saysMissing, type TypeDriver, tagsFrom } from './driver.ts';

/** Tags as services spell them: a list, or keys with values. */
export type SpelledTags = readonly AnyTag[] | Readonly<Record<string, string | undefined>>;

/** What a service says of one resource. */
export interface ToldResource {
  readonly arn: string;
  readonly id: string;
  /** Default: available, where the service knows no states. */
  readonly state?: string | undefined;
  readonly createdAt?: Date | undefined;
  /** Null: the service does not tell them with the resource. */
  readonly tags: SpelledTags | null;
}

/**
 * A part of an answer that must be there.
 * @param what such as "ARN"
 * @throws MalformedAnswer naming it
 */
export type Must = <T>(what: string, value: T | undefined | null) => T;

/** What a form says of its type, whichever form it is. */
export interface TypeFacts<Client extends object> {
  readonly type: TaggableType;
  readonly api: AwsApi<Client>;
  /** One and many of them, for messages. */
  readonly noun: readonly [one: string, many: string];
  /** Filter of GetResources, where the service does not tell tags with the resource. */
  readonly taggingFilter?: string;
  /** Errors that say that a resource which was named does not exist. */
  readonly missing?: readonly string[];
  /** Tags of one resource from the service itself, where it does not tell them with the resource. */
  tags?(client: Client, arn: Arn, options: SendOptions): Promise<SpelledTags | undefined>;
  set(client: Client, arn: Arn, tags: Tags, options: SendOptions): Promise<Sent>;
  remove(client: Client, arn: Arn, keys: readonly string[], options: SendOptions): Promise<Sent>;
}

interface Sent {
  readonly $metadata: { readonly attempts?: number | undefined };
}

/** Resources whose tags are asked about at once. */
const AT_ONCE = 8;

export const mustOf =
  <Client extends object>({ api, noun: [one] }: TypeFacts<Client>): Must =>
  (what, value) =>
    member(api.name, `the ${what} of a ${one}`, value);

const spelledOf = (service: string, tags: SpelledTags): Tags =>
  // Array.isArray does not narrow a readonly array.
  tagsFrom(
    service,
    Symbol.iterator in tags
      ? (tags as readonly AnyTag[])
      : Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  );

/** A resource from what its service says of it. */
export const listedOf = <Client extends object>(
  { type, api }: TypeFacts<Client>,
  { arn, id, state = 'available', createdAt, tags }: ToldResource,
  { accountId, region }: Place,
): Listed => ({
  arn,
  type,
  accountId,
  region,
  id,
  tags: tags === null ? null : spelledOf(api.name, tags),
  state: state.toLowerCase(),
  createdAt: iso(createdAt),
});

/** How a form reads a page of its service. */
interface Paging<Client extends object, Page, Item> extends TypeFacts<Client> {
  next(page: Page): string | undefined;
  items(page: Page): readonly Item[] | undefined;
}

/**
 * What every page of a service lists.
 * @param ask asks for one page; its token is that of the page before, undefined for the first
 * @throws MalformedAnswer for a page without its list
 */
export async function* itemsOf<Client extends object, Page extends AwsAnswer, Item>(
  form: Paging<Client, Page, Item>,
  place: Place,
  ask: (client: Client, token: string | undefined, options: SendOptions) => Promise<Page>,
): AsyncGenerator<Item> {
  const answers = pages(
    (token) => place.send(form.api, (client, options) => ask(client, token, options)),
    (page) => form.next(page),
  );
  for await (const page of answers) yield* member(form.api.name, `the list of ${form.noun[1]}`, form.items(page));
}

/** Those that were asked about, with their tags from the service itself. */
export const withTags = async <Client extends object>(
  facts: TypeFacts<Client>,
  place: Place,
  listed: readonly Listed[],
  asked: readonly Arn[],
): Promise<Resource[]> => {
  const byArn = new Map(asked.map((arn) => [arn.arn, arn]));
  const found = await inParallel(listed, AT_ONCE, async (each): Promise<Resource | undefined> => {
    const arn = byArn.get(each.arn);
    if (arn === undefined) return undefined;
    return { ...each, tags: each.tags ?? (await ownTags(facts, place, arn)) };
  });
  return found.filter((each) => each !== undefined);
};

const ownTags = async <Client extends object>(facts: TypeFacts<Client>, place: Place, arn: Arn): Promise<Tags> => {
  let told: SpelledTags | undefined;
  await place.send(facts.api, async (client, options) => {
    told = await facts.tags?.(client, arn, options);
    return { $metadata: {} };
  });
  return spelledOf(facts.api.name, mustOf(facts)('tags', told));
};

/** What `read` answers where the only one that was asked about does not exist. @throws any other error */
export const noneIfMissing = <Client extends object>(
  { missing = [] }: TypeFacts<Client>,
  asked: readonly Arn[],
  error: unknown,
): [] => {
  if (asked.length === 1 && saysMissing(error, ...missing)) return [];
  throw error;
};

/** What a driver takes from its facts as it is. */
export const ofFacts = <Client extends object>(
  facts: TypeFacts<Client>,
): Pick<TypeDriver, 'type' | 'service' | 'taggingFilter' | 'global' | 'tag' | 'untag'> => ({
  type: facts.type,
  service: facts.api.name,
  ...(facts.taggingFilter !== undefined && { taggingFilter: facts.taggingFilter }),
  ...(isGlobal(facts.type) && { global: true }),
  tag: async (place, arn, tags) => {
    await place.send(facts.api, (client, options) => facts.set(client, arn, tags, options));
  },
  untag: async (place, arn, keys) => {
    await place.send(facts.api, (client, options) => facts.remove(client, arn, keys, options));
  },
});
