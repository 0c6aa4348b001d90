/** The Resource Groups Tagging API: tags of many resources at once, read and written. */
import {
  GetResourcesCommand,
  TagResourcesCommand,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import type { Arn } from '../estate/arn.ts';
import { ARNS_PER_WRITE, type Tags, type WriteOutcome } from '../estate/estate.ts';
import { taggingApi } from './apis/tagging.ts';
import { inBatches } from './batches.ts';
import { failureOf, isThrottling, member, type UpstreamFailure } from './failure.ts';
import type { Pace } from './pace.ts';
import { type Place, pages } from './place.ts';
import { tagsFrom } from './types/driver.ts';
import { driverNamed } from './types/index.ts';
import { wait } from './wait.ts';

const PAGE = 100;

/**
 * Tags of every resource of some types that was ever tagged. It is no inventory: what never had a tag is not in it, so
 * it only completes listings of the services themselves.
 */
export const taggedResources = async (place: Place, filters: readonly string[]): Promise<ReadonlyMap<string, Tags>> => {
  const found = new Map<string, Tags>();
  const answers = pages(
    (PaginationToken) =>
      place.send(taggingApi, (client, options) =>
        client.send(
          new GetResourcesCommand({ ResourceTypeFilters: [...filters], ResourcesPerPage: PAGE, PaginationToken }),
          options,
        ),
      ),
    (answer) => answer.PaginationToken,
  );
  for await (const { ResourceTagMappingList } of answers)
    for (const each of member('tagging', 'ResourceTagMappingList', ResourceTagMappingList)) {
      const arn = member('tagging', 'the ARN of a resource', each.ResourceARN);
      found.set(arn, tagsFrom('tagging', member('tagging', 'the Tags of a resource', each.Tags)));
    }
  return found;
};

/** One write, of tags to set or of keys to remove. */
export type TagWrite = { readonly set: Tags } | { readonly remove: readonly string[] };

/** Groups of resources read at once. */
const READS_AT_ONCE = 8;

/** Tries for ARNs that were throttled inside an answer, which the SDK does not repeat. */
const TRIES = 5;
const BASE_MS = 200;
const CAP_MS = 10_000;

/** Full jitter: anything up to the exponential wait. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
export const backoff = (attempt: number, random = Math.random): number =>
  Math.floor(random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt));

const send = async (place: Place, arns: readonly string[], write: TagWrite) => {
  const ResourceARNList = [...arns];
  const { FailedResourcesMap } = await place.send(taggingApi, (client, options) =>
    'set' in write
      ? client.send(new TagResourcesCommand({ ResourceARNList, Tags: { ...write.set } }), options)
      : client.send(new UntagResourcesCommand({ ResourceARNList, TagKeys: [...write.remove] }), options),
  );
  return member('tagging', 'FailedResourcesMap', FailedResourcesMap);
};

/** Writes up to 20 ARNs of one account and region. HTTP 200 does not mean that all of them were written. */
const writeBatch = async (place: Place, arns: readonly Arn[], write: TagWrite): Promise<WriteOutcome[]> => {
  const outcomes = new Map<string, WriteOutcome>();
  let open = arns;
  for (let attempt = 0; open.length > 0; attempt++) {
    const failed = await send(
      place,
      open.map((each) => each.arn),
      write,
    );
    const again: Arn[] = [];
    for (const each of open) {
      const { arn } = each;
      const failure = failed[arn];
      const code = failure?.ErrorCode ?? 'unknown';
      if (failure === undefined) outcomes.set(arn, { arn, ok: true });
      else if (isThrottling(code) && attempt + 1 < TRIES && !place.signal.aborted) again.push(each);
      else if (code === 'InternalServiceException') outcomes.set(arn, await writeDirectly(place, each, write));
      else outcomes.set(arn, { arn, ok: false, code, message: failure.ErrorMessage ?? code });
    }
    open = again;
    if (open.length > 0) await wait(backoff(attempt), place.signal);
  }
  return arns.map(({ arn }) => outcomes.get(arn) ?? { arn, ok: false, code: 'unknown' });
};

/**
 * The tagging API could not reach the service behind an ARN (InternalServiceException). The service's own API is asked
 * instead: the same tags, one resource a call. Emulators answer so for services they do not relay to.
 */
const writeDirectly = async (place: Place, arn: Arn, write: TagWrite): Promise<WriteOutcome> => {
  const driver = await driverNamed(arn.type);
  if (driver === undefined) return { arn: arn.arn, ok: false, code: 'InternalServiceException' };
  try {
    if ('set' in write) await driver.tag(place, arn, write.set);
    else await driver.untag(place, arn, write.remove);
    return { arn: arn.arn, ok: true };
  } catch (error) {
    return { arn: arn.arn, ok: false, ...failureOf(error, driver.service, place.signal) };
  }
};

/** Writes ARNs of one account and region, 20 a call, at the pace of the API. */
export const writeTags = async (
  place: Place,
  arns: readonly Arn[],
  write: TagWrite,
  pace: Pace,
): Promise<WriteOutcome[]> => {
  const { results, failed } = await inBatches(arns, { size: ARNS_PER_WRITE, limit: 1 }, async (batch) => {
    await pace(place);
    place.signal.throwIfAborted();
    return writeBatch(place, batch, write);
  });
  const fates = failed.map(
    ({ member: arn, error }): Fate => ({ arn, failure: failureOf(error, 'tagging', place.signal) }),
  );
  const unclear = fates.filter(({ failure }) => isUnclear(failure));
  const refused = fates.filter(({ failure }) => !isUnclear(failure)).map(lost);
  return [...results, ...refused, ...(await readBack(place, unclear, write))];
};

/** What became of one ARN of a call that failed. */
interface Fate {
  readonly arn: Arn;
  readonly failure: UpstreamFailure;
}

const lost = ({ arn: { arn }, failure }: Fate): WriteOutcome => ({ arn, ok: false, ...failure });

/** Failures of a call that may have been carried out all the same: its answer was lost, or was none. */
const isUnclear = ({ code }: UpstreamFailure): boolean =>
  code === 'malformed_answer' || code === 'connection_failed' || code === 'timeout' || code.startsWith('http_5');

const isWritten = (tags: Tags, write: TagWrite): boolean =>
  'set' in write
    ? Object.entries(write.set).every(([key, value]) => Object.hasOwn(tags, key) && tags[key] === value)
    : write.remove.every((key) => !Object.hasOwn(tags, key));

/** Nobody knows what became of a write: each service is asked what its resources carry now. */
const readBack = async (place: Place, fates: readonly Fate[], write: TagWrite): Promise<WriteOutcome[]> => {
  const written = new Set<string>();
  for (const [type, same] of Map.groupBy(fates, ({ arn }) => arn.type)) {
    const arns = same.map(({ arn }) => arn);
    const driver = await driverNamed(type);
    if (driver === undefined) continue;
    for (const together of Map.groupBy(arns, driver.readTogether ?? (() => '')).values()) {
      const batches = { size: driver.readsAtOnce, limit: READS_AT_ONCE };
      const { results } = await inBatches(together, batches, (batch) => driver.read(place, batch));
      for (const { arn, tags } of results) if (isWritten(tags, write)) written.add(arn);
    }
  }
  return fates.map((fate) => (written.has(fate.arn.arn) ? { arn: fate.arn.arn, ok: true } : lost(fate)));
};
