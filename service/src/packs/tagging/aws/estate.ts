/** AWS as an estate: listed service by service, joined with the tagging API, written in groups. */

import type { TaggableType } from '../../../../../contracts/packs/tagging.ts';
import type { Arn } from '../estate/arn.ts';
import type { Estate, EstateContext, Failure, Resource, WriteOutcome } from '../estate/estate.ts';
import { createAccountNames } from './account-names.ts';
import { type Batched, inBatches } from './batches.ts';
import { failureOf } from './failure.ts';
import { type Group, groupArns, type Where } from './groups.ts';
import { listEstate } from './list.ts';
import { createPace, type Pace } from './pace.ts';
import { inParallel } from './parallel.ts';
import {
  type AwsParts,
  globalRegion,
  newShared,
  type Place,
  placeAt,
  readClock,
  type Shared,
  toldRegion,
} from './place.ts';
import type { AwsSettings } from './sessions.ts';
import { type TagWrite, writeTags } from './tagging-api.ts';
import type { TypeDriver } from './types/driver.ts';
import { driverNamed } from './types/index.ts';

const GROUPS_AT_ONCE = 4;
const READS_AT_ONCE = 8;

export interface AwsEstateParts extends AwsParts {
  readonly settings: AwsSettings;
  /** The types that the operator enabled. */
  readonly types: readonly TaggableType[];
}

export const createAwsEstate = (parts: AwsEstateParts): Estate => {
  const { settings, sessions, types } = parts;
  const accountIds = async (): Promise<readonly string[]> =>
    settings.accounts.length > 0 ? settings.accounts : [(await sessions.own()).accountId];
  const names = createAccountNames(parts);
  const writing: WritingParts = { ...parts, pace: createPace(), shared: new WeakMap() };
  const where = async (): Promise<Where> => {
    const { partition } = await sessions.own();
    return {
      accounts: await accountIds(),
      homeRegion: settings.region,
      globalRegion: globalRegion(partition),
      toldRegion: toldRegion(partition, settings.regions),
    };
  };
  return {
    accounts: async () => (await accountIds()).map((accountId) => ({ accountId, name: names.nameOf(accountId) })),
    learnNames: async (context) => (settings.accounts.length > 1 ? names.learn(context) : undefined),
    regions: async () => settings.regions,
    types: () => types,
    list: (extent, context) => listEstate(parts, extent, context),
    read: async (arns, context) => read(parts, await where(), arns, context),
    surroundings: async (resource, context) => {
      // With it comes the client of EC2.
      const { surroundingsOf } = await import('./surroundings.ts');
      const { accountId, region } = resource;
      return surroundingsOf(
        await placeAt(parts, accountId, region, readClock(parts, context.signal), newShared()),
        resource,
      );
    },
    tag: async (arns, tags, context) => write(writing, await where(), arns, { set: tags }, context),
    untag: async (arns, keys, context) => write(writing, await where(), arns, { remove: keys }, context),
  };
};

type Found = Map<string, Resource | Failure>;

const read = async (
  parts: AwsParts,
  where: Where,
  arns: readonly string[],
  context: EstateContext,
): Promise<ReadonlyMap<string, Resource | Failure>> => {
  const shared = newShared();
  const { groups, unknown } = await groupArns(parts, where, arns, context, shared);
  const found: Found = new Map(unknown);
  await inParallel(groups, GROUPS_AT_ONCE, (group) => readGroup(parts, where, group, context, shared, found));
  return found;
};

const readGroup = async (
  parts: AwsParts,
  where: Where,
  { accountId, region, arns }: Group,
  context: EstateContext,
  shared: Shared,
  found: Found,
): Promise<void> => {
  for (const [type, same] of Map.groupBy(arns, (arn) => arn.type)) {
    const driver = await driverNamed(type);
    if (driver === undefined) continue;
    const fail = (arn: Arn, error: unknown): void => {
      const failure = failureOf(error, driver.service, context.signal);
      found.set(arn.arn, { accountId, region, type: driver.type, ...failure });
    };
    try {
      const place = () => placeAt(parts, accountId, region, readClock(parts, context.signal), shared);
      const { results, failed } = await readType(place, driver, same);
      const told = driver.global ? { region: where.toldRegion } : {};
      for (const resource of results)
        if (resource.state !== 'terminated') found.set(resource.arn, { ...resource, ...told });
      for (const { member, error } of failed) fail(member, error);
    } catch (error) {
      for (const arn of same) fail(arn, error);
    }
  }
};

/** Resources of one type; one that cannot be read does not hide the others. */
const readType = async (
  place: () => Promise<Place>,
  driver: TypeDriver,
  arns: readonly Arn[],
): Promise<Batched<Arn, Resource>> => {
  const batched: Batched<Arn, Resource> = { results: [], failed: [] };
  for (const together of Map.groupBy(arns, driver.readTogether ?? (() => '')).values()) {
    const batches = { size: driver.readsAtOnce, limit: READS_AT_ONCE };
    const { results, failed } = await inBatches(together, batches, async (batch) => driver.read(await place(), batch));
    batched.results.push(...results);
    batched.failed.push(...failed);
  }
  return batched;
};

interface WritingParts extends AwsParts {
  readonly pace: Pace;
  /** What the writes of one operation have in common, by its context: where buckets are is asked once for all of them. */
  readonly shared: WeakMap<EstateContext, Shared>;
}

const write = async (
  parts: WritingParts,
  where: Where,
  arns: readonly string[],
  what: TagWrite,
  context: EstateContext,
): Promise<WriteOutcome[]> => {
  const shared = parts.shared.get(context) ?? newShared();
  parts.shared.set(context, shared);
  const outcomes = new Map<string, WriteOutcome>();
  const { groups, unknown } = await groupArns(parts, where, arns, context, shared);
  for (const [arn, { code, message }] of unknown) outcomes.set(arn, { arn, ok: false, code, message });
  await inParallel(groups, GROUPS_AT_ONCE, async ({ accountId, region, arns: members }) => {
    try {
      const place = await placeAt(parts, accountId, region, context.signal, shared);
      for (const outcome of await writeTags(place, members, what, parts.pace)) outcomes.set(outcome.arn, outcome);
    } catch (error) {
      const failure = failureOf(error, 'tagging', context.signal);
      for (const { arn } of members) outcomes.set(arn, { arn, ok: false, ...failure });
    }
  });
  return arns.map((arn) => outcomes.get(arn) ?? { arn, ok: false, code: 'not_found', message: 'It does not exist.' });
};
