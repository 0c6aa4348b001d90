/** The Resource Groups Tagging API: tags of many resources at once, read and written. */
import {
  GetResourcesCommand,
  TagResourcesCommand,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import type { Arn } from '../arn.ts';
import { ARNS_PER_WRITE, type Tags, type WriteOutcome } from '../estate.ts';
import { failureOf, isThrottling } from './failure.ts';
import { chunked, type Place, pages } from './place.ts';
import { tagsFrom } from './types/driver.ts';
import { drivers } from './types/index.ts';

const PAGE = 100;

/**
 * Tags of every resource of some types that was ever tagged. It is no inventory: what never had a tag is not in it, so
 * it only completes listings of the services themselves.
 */
export const taggedResources = async (place: Place, filters: readonly string[]): Promise<ReadonlyMap<string, Tags>> => {
  const found = new Map<string, Tags>();
  const answers = pages(
    (PaginationToken) =>
      place.send('tagging', (client, options) =>
        client.send(
          new GetResourcesCommand({ ResourceTypeFilters: [...filters], ResourcesPerPage: PAGE, PaginationToken }),
          options,
        ),
      ),
    (answer) => answer.PaginationToken,
  );
  for await (const { ResourceTagMappingList = [] } of answers)
    for (const { ResourceARN: arn, Tags: list } of ResourceTagMappingList)
      if (arn !== undefined) found.set(arn, tagsFrom(list));
  return found;
};

/** One write, of tags to set or of keys to remove. */
export type Write = { readonly set: Tags } | { readonly remove: readonly string[] };

/** Tries for ARNs that were throttled inside an answer, which the SDK does not repeat. */
const TRIES = 5;
const BASE_MS = 200;
const CAP_MS = 10_000;

/** Full jitter: anything up to the exponential wait. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
export const backoff = (attempt: number, random = Math.random): number =>
  Math.floor(random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt));

const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });

const send = async (place: Place, arns: readonly string[], write: Write) => {
  const ResourceARNList = [...arns];
  const { FailedResourcesMap = {} } = await place.send('tagging', (client, options) =>
    'set' in write
      ? client.send(new TagResourcesCommand({ ResourceARNList, Tags: { ...write.set } }), options)
      : client.send(new UntagResourcesCommand({ ResourceARNList, TagKeys: [...write.remove] }), options),
  );
  return FailedResourcesMap;
};

/** Writes up to 20 ARNs of one account and region. HTTP 200 does not mean that all of them were written. */
const writeBatch = async (place: Place, arns: readonly Arn[], write: Write): Promise<WriteOutcome[]> => {
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
const writeDirectly = async (place: Place, arn: Arn, write: Write): Promise<WriteOutcome> => {
  const driver = Object.values(drivers).find((each) => each.type === arn.type);
  if (driver === undefined) return { arn: arn.arn, ok: false, code: 'InternalServiceException' };
  try {
    if ('set' in write) await driver.tag(place, arn, write.set);
    else await driver.untag(place, arn, write.remove);
    return { arn: arn.arn, ok: true };
  } catch (error) {
    return { arn: arn.arn, ok: false, ...failureOf(error, driver.service, place.signal) };
  }
};

/** Writes ARNs of one account and region, 20 a call, one call after the other: the API takes five a second. */
export const writeTags = async (place: Place, arns: readonly Arn[], write: Write): Promise<WriteOutcome[]> => {
  const outcomes: WriteOutcome[] = [];
  for (const batch of chunked(arns, ARNS_PER_WRITE))
    try {
      place.signal.throwIfAborted();
      outcomes.push(...(await writeBatch(place, batch, write)));
    } catch (error) {
      const failure = failureOf(error, 'tagging', place.signal);
      outcomes.push(...batch.map(({ arn }) => ({ arn, ok: false, ...failure })));
    }
  return outcomes;
};
