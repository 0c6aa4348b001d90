/** Every type that moto knows, against moto: listed without tags, tagged, read and untagged, by the calls that the contract declares. */
import { type TaggableType, taggableTypeNames, taggableTypes } from '../../../contracts/packs/tagging/types/index.ts';
import type { ResourceTypeContract } from '../../../contracts/packs/tagging/types/type.ts';
import { createClients } from '../../src/packs/tagging/aws/clients.ts';
import { openAwsEstate } from '../../src/packs/tagging/aws/index.ts';
import { defaultTimeouts, newShared, type Place, placeAt } from '../../src/packs/tagging/aws/place.ts';
import { createSessions } from '../../src/packs/tagging/aws/sessions.ts';
import { driverOf } from '../../src/packs/tagging/aws/types/index.ts';
import { parseArn } from '../../src/packs/tagging/estate/arn.ts';
import { isFailure, type Resource, type Slice } from '../../src/packs/tagging/estate/estate.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { configFor, east, home, useTestCredentials } from './moto-cloud.ts';
import { contextFor, countingMetrics } from './pack.ts';
import { type RecordedCalls, recordCalls } from './recorded-calls.ts';
import { networkMakers } from './types/network.ts';
import { storeMakers } from './types/stores.ts';

const makers = { ...networkMakers, ...storeMakers };
const types = taggableTypeNames.filter((type) => Object.hasOwn(makers, type));

const settings = { region: east, accounts: [home], regions: [east], roleName: 'Role' };
const owned = { Owner: 'tagged@example.com', Stage: 'test' };

/** Types that moto's GetResources does not know, and whose tags a listing joins from it. */
const unknownToMoto: readonly TaggableType[] = [
  'ecr:repository',
  'elasticache:cluster',
  'elasticache:replicationgroup',
  'cloudwatch:alarm',
];

await describeWith(['moto_server'], 'A resource type', () => {
  let moto: TestServer;
  let place: Place;
  let calls: RecordedCalls;

  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    const config = await configFor(moto.url, home, east);
    await Promise.all(types.map((type) => makers[type]?.(config)));
    const { metrics } = countingMetrics();
    const whole = { ...settings, endpoint: moto.url, externalId: undefined };
    const sessions = createSessions(whole, metrics, () => new Date(), defaultTimeouts.callMs);
    calls = recordCalls(createClients(whole, sessions));
    const parts = { sessions, clients: calls.clients, metrics, timeouts: defaultTimeouts };
    place = await placeAt(parts, home, east, new AbortController().signal, newShared());
  }, 120_000);
  afterAll(() => moto.stop());

  const contractOf = (type: TaggableType): ResourceTypeContract => taggableTypes[type];
  const declared = (actions: Readonly<Record<string, unknown>> = {}) => Object.keys(actions).toSorted();

  it.each(types)(
    '%s is listed, tagged, read and untagged by exactly the actions that its contract declares',
    async (type) => {
      const driver = await driverOf(type);
      calls.take();
      const listing = await driver.list(place);
      expect(listing.unread).toBeUndefined();
      const found = listing.resources.at(-1);
      if (found === undefined) throw new Error(`none of ${type}`);
      const arn = parseArn(found.arn);
      expect([arn?.type, found.type, found.accountId, found.region]).toEqual([type, type, home, east]);
      expect(Object.keys(found.tags ?? {})).toEqual([]);
      if (arn === undefined) return;
      const [before] = await driver.read(place, [arn]);
      expect(before).toEqual({ ...found, tags: {} });
      const looking = calls.take();

      await driver.tag(place, arn, owned);
      const tagging = calls.take();
      expect((await driver.read(place, [arn]))[0]?.tags).toEqual(owned);
      calls.take();
      await driver.untag(place, arn, ['Stage']);
      const untagging = calls.take();
      expect((await driver.read(place, [arn]))[0]?.tags).toEqual({ Owner: owned.Owner });
      await driver.untag(place, arn, ['Owner']);

      const gone = parseArn(found.arn.replace(/[0-9a-z]{4}$/, '0000'));
      expect(gone && (await driver.read(place, [gone]))).toEqual([]);
      expect({ list: looking, set: tagging, remove: untagging }).toEqual({
        list: declared(contractOf(type).list),
        set: declared(contractOf(type).set),
        remove: declared(contractOf(type).remove),
      });
    },
  );

  it('is found by the estate though it was never tagged, and has the tags that were written through the tagging API', async () => {
    const { metrics } = countingMetrics();
    const config = {
      AWS_REGION: east,
      AWS_ENDPOINT_URL: moto.url,
      ESTATE_ACCOUNTS: [home],
      ESTATE_REGIONS: [east],
      ESTATE_TYPES: types,
      CROSS_ACCOUNT_ROLE_NAME: 'Role',
    };
    const { estate } = openAwsEstate({ config, metrics, now: () => new Date() });
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
