/** The types of EC2, file systems, clusters, caches, load balancers and logs: made without tags in moto, and listed, tagged and read. */
import { type TaggableType, taggableTypeNames, taggableTypes } from '../../../contracts/packs/tagging/types/index.ts';
import type { ResourceTypeContract } from '../../../contracts/packs/tagging/types/type.ts';
import { parseArn } from '../../src/packs/tagging/estate/arn.ts';
import { isFailure, type Resource, type Slice } from '../../src/packs/tagging/estate/estate.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { configFor, east, home, useTestCredentials } from './moto-cloud.ts';
import { contextFor } from './pack.ts';
import { openRecorded, type RecordedEstate, type WireAnswer } from './recorded-estate.ts';
import { networkMakers } from './types/network.ts';
import { storeMakers } from './types/stores.ts';

const makers = { ...networkMakers, ...storeMakers };
const types = taggableTypeNames.filter((type) => Object.hasOwn(makers, type));
const owned = { Owner: 'tagged@example.com', Stage: 'test' };

/** Types that moto's GetResources does not know, and whose tags a listing joins from it. */
const unknownToMoto: readonly TaggableType[] = [
  'ecr:repository',
  'elasticache:cluster',
  'elasticache:replicationgroup',
  'cloudwatch:alarm',
];

/** Prefixes of actions that are not what messages call the API. */
const prefixes: Readonly<Record<string, string>> = { efs: 'elasticfilesystem' };

/** A tagging API that cannot reach the service of an ARN, so that the service's own is asked. */
const unreachable = (arn: string): WireAnswer => ({
  status: 200,
  body: JSON.stringify({
    FailedResourcesMap: { [arn]: { ErrorCode: 'InternalServiceException', StatusCode: 500, ErrorMessage: 'x' } },
  }),
});

await describeWith(['moto_server'], 'A resource type', () => {
  let moto: TestServer;
  let recorded: RecordedEstate;

  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    const config = await configFor(moto.url, home, east);
    await Promise.all(types.map((type) => makers[type]?.(config)));
  }, 120_000);
  afterAll(() => moto.stop());
  beforeEach(() => {
    recorded = openRecorded(moto.url, types);
  });

  const contractOf = (type: TaggableType): ResourceTypeContract => taggableTypes[type];
  const declared = (actions: Readonly<Record<string, unknown>> = {}) => Object.keys(actions).toSorted();
  /** The actions of the calls since it was last asked, without those of the tagging API. */
  const asked = (): string[] => {
    const calls = recorded.calls.splice(0).filter(({ api }) => api !== 'tagging');
    return [...new Set(calls.map(({ api, operation }) => `${prefixes[api] ?? api}:${operation}`))].sort();
  };
  const tagsOf = async (arn: string) => {
    const found = (await recorded.estate.read([arn], contextFor())).get(arn);
    return found && (isFailure(found) ? found : found.tags);
  };

  it.each(types)(
    '%s is listed, tagged, read and untagged by exactly the actions that its contract declares',
    async (type) => {
      const { resources, failure } = await recorded.list(type);
      expect(failure).toBeUndefined();
      const found = resources.at(-1);
      if (found === undefined) throw new Error(`none of ${type}`);
      const { arn } = found;
      expect(found).toMatchObject({ type, accountId: home, region: east, tags: {} });
      expect(parseArn(arn)?.type).toBe(type);
      expect((await recorded.estate.read([arn], contextFor())).get(arn)).toEqual(found);
      expect(await tagsOf(arn.replace(/[0-9a-z]{4}$/, '0000'))).toBeUndefined();
      const list = asked();

      recorded.answer = ({ operation }) => (/^(Unt|T)agResources$/.test(operation) ? unreachable(arn) : undefined);
      expect(await recorded.estate.tag([arn], owned, contextFor())).toEqual([{ arn, ok: true }]);
      const set = asked();
      expect(await tagsOf(arn)).toEqual(owned);
      recorded.calls.splice(0);
      expect(await recorded.estate.untag([arn], Object.keys(owned), contextFor())).toEqual([{ arn, ok: true }]);
      const remove = asked();
      expect(await tagsOf(arn)).toEqual({});
      const contract = contractOf(type);
      expect({ list, set, remove }).toEqual({
        list: declared(contract.list),
        set: declared(contract.set),
        remove: declared(contract.remove),
      });
    },
  );

  it.each(types)('%s, whose answer of 200 says nothing, is a failure and never an empty listing', async (type) => {
    await recorded.list(type);
    const operations = [...new Set(recorded.calls.map(({ operation }) => operation))];
    for (const hollow of operations)
      for (const body of ['', '{}', '<html><body>Welcome</body></html>']) {
        recorded.answer = ({ operation }) => (operation === hollow ? { status: 200, body } : undefined);
        const { resources, failure } = await recorded.list(type);
        expect([hollow, body, resources, failure?.type]).toEqual([hollow, body, [], type]);
      }
  });

  it('is found by the estate though it was never tagged, and has the tags that were written through the tagging API', async () => {
    const { estate } = recorded;
    const listed = async () => {
      const slices: Slice[] = [];
      const extent = { accounts: [home], regions: [east], types: estate.types() };
      for await (const slice of estate.list(extent, contextFor())) slices.push(slice);
      expect(slices.flatMap(({ failure }) => failure ?? [])).toEqual([]);
      return new Map(slices.flatMap(({ type, resources }) => (resources[0] ? [[type, resources[0]] as const] : [])));
    };
    const bare = await listed();
    expect([...bare.keys()].toSorted()).toEqual(types.toSorted());
    const arns = [...bare.values()].map(({ arn }) => arn);
    expect((await estate.tag(arns, owned, contextFor())).filter(({ ok }) => !ok)).toEqual([]);
    const read = async () => {
      const found = await estate.read(arns, contextFor());
      return [...found.values()].map((each) => (isFailure(each) ? each : [each.type, each.tags])).toSorted();
    };
    expect(await read()).toEqual(types.map((type) => [type, owned]).toSorted());
    const joined = types.filter((type) => !unknownToMoto.includes(type));
    const tags = (found: ReadonlyMap<string, Resource>) => joined.map((type) => [type, found.get(type)?.tags]);
    expect(tags(await listed())).toEqual(joined.map((type) => [type, owned]));
    expect((await estate.untag(arns, Object.keys(owned), contextFor())).filter(({ ok }) => !ok)).toEqual([]);
    expect(tags(await listed())).toEqual(joined.map((type) => [type, {}]));
  });
});
