/** What Glue knows: jobs, crawlers, databases and the tables in them. */
import {
  type Database,
  GetDatabasesCommand,
  GetTablesCommand,
  GetTagsCommand,
  type GlueClient,
  ListCrawlersCommand,
  ListJobsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-glue';
import { glueApi } from '../apis/glue.ts';
import { member } from '../failure.ts';
import { type Place, pages, type SendOptions } from '../place.ts';
import { childrenOf } from './children.ts';
import { iso, type Listed, type TypeDriver } from './driver.ts';
import type { TypeFacts } from './form.ts';
import { arnIn, pagedType } from './paged.ts';

const PAGE = 100;

const ofGlue = {
  api: glueApi,
  missing: ['EntityNotFoundException'],
  tags: async (client, { arn }, options) => (await client.send(new GetTagsCommand({ ResourceArn: arn }), options)).Tags,
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ ResourceArn: arn, TagsToAdd: { ...tags } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ ResourceArn: arn, TagsToRemove: [...keys] }), options),
} satisfies Pick<TypeFacts<GlueClient>, 'api' | 'missing' | 'tags' | 'set' | 'remove'>;

export const glueJob = pagedType({
  type: 'glue:job',
  noun: ['job', 'jobs'],
  taggingFilter: 'glue:job',
  ...ofGlue,
  page: (client, NextToken, options) => client.send(new ListJobsCommand({ MaxResults: PAGE, NextToken }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ JobNames }) => JobNames,
  resource: (name, place) => ({ arn: arnIn(place, 'glue', `job/${name}`), id: name }),
});

export const glueCrawler = pagedType({
  type: 'glue:crawler',
  noun: ['crawler', 'crawlers'],
  taggingFilter: 'glue:crawler',
  ...ofGlue,
  page: (client, NextToken, options) => client.send(new ListCrawlersCommand({ MaxResults: PAGE, NextToken }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ CrawlerNames }) => CrawlerNames,
  resource: (name, place) => ({ arn: arnIn(place, 'glue', `crawler/${name}`), id: name }),
});

const databasePage = (client: GlueClient, NextToken: string | undefined, options: SendOptions) =>
  client.send(new GetDatabasesCommand({ MaxResults: PAGE, NextToken }), options);

export const glueDatabase = pagedType({
  type: 'glue:database',
  noun: ['database', 'databases'],
  taggingFilter: 'glue:database',
  ...ofGlue,
  page: databasePage,
  next: ({ NextToken }) => NextToken,
  items: ({ DatabaseList }) => DatabaseList,
  resource: ({ Name, CreateTime }: Database, place, must) => {
    const id = must('name', Name);
    return { arn: arnIn(place, 'glue', `database/${id}`), id, createdAt: CreateTime };
  },
});

const databaseNames = async (place: Place): Promise<string[]> => {
  const found: string[] = [];
  const answers = pages(
    (token) => place.send(glueApi, (client, options) => databasePage(client, token, options)),
    ({ NextToken }) => NextToken,
  );
  for await (const { DatabaseList } of answers)
    for (const { Name } of member('glue', 'the list of databases', DatabaseList))
      found.push(member('glue', 'the name of a database', Name));
  return found;
};

const tablesOf = async (place: Place, database: string): Promise<Listed[]> => {
  const found: Listed[] = [];
  const answers = pages(
    (NextToken) =>
      place.send(glueApi, (client, options) =>
        client.send(new GetTablesCommand({ DatabaseName: database, MaxResults: PAGE, NextToken }), options),
      ),
    ({ NextToken }) => NextToken,
  );
  for await (const { TableList } of answers)
    for (const { Name, CreateTime } of member('glue', 'the list of tables', TableList)) {
      const id = member('glue', 'the name of a table', Name);
      const { accountId, region } = place;
      found.push({
        arn: arnIn(place, 'glue', `table/${database}/${id}`),
        type: 'glue:table',
        accountId,
        region,
        id,
        tags: {},
        state: 'available',
        createdAt: iso(CreateTime),
      });
    }
  return found;
};

const untaggable = async (): Promise<never> => {
  throw new Error('AWS has no tags for tables of Glue');
};

/** Tables are listed, and have no tags: nobody asks for them, and `hasTags` keeps changes away. */
export const glueTable: TypeDriver = {
  ...childrenOf({
    type: 'glue:table',
    service: glueApi.name,
    parentsNoun: 'databases',
    parents: databaseNames,
    // table/<database>/<table>
    parentOf: ({ arn }) => arn.split('/')[1] ?? '',
    missing: ['EntityNotFoundException'],
    list: async (place, database) => ({ resources: await tablesOf(place, database) }),
  }),
  readsAtOnce: PAGE,
  tag: untaggable,
  untag: untaggable,
};
