/** The stand-in cloud: the same port as AWS, kept in the service's own store, obeying the same tag rules. */
import { firstTypeNames, type TaggableType } from '../../../../../contracts/packs/tagging/types/index.ts';
import { CountersignError } from '../../../errors.ts';
import type { Tables } from '../../../ports/tables.ts';
import { parseArn } from '../estate/arn.ts';
import type { Estate, EstateContext, Extent, Failure, Resource, Slice, Tags, WriteOutcome } from '../estate/estate.ts';
import { sandboxAccounts, sandboxRegions } from './accounts.ts';
import { missing, refusal, refusalToRemove, throttled } from './faults.ts';
import type { SandboxResource } from './generate.ts';
import { createResources, type SandboxResources } from './resources.ts';
import { type SandboxType, sandboxTypes } from './types.ts';

/** What a test may make the sandbox do. */
export interface SandboxBehaviour {
  /** Regions whose calls are all throttled. */
  readonly throttledRegions: Set<string>;
}

export interface SandboxEstateParts {
  readonly tables: Tables;
  /** Types it lists. Default: those that are enabled where none is chosen. */
  readonly types?: readonly TaggableType[] | undefined;
  readonly behaviour?: SandboxBehaviour;
}

const asResource = ({ monthlyUsd: _, ...resource }: SandboxResource): Resource => resource;

const stopIfAborted = ({ signal }: Pick<EstateContext, 'signal'>): void => {
  if (signal.aborted) throw new CountersignError('cancelled', 'The call was cancelled.', { cause: signal.reason });
};

/** The estate of the sandbox. Fill it with seedResources first. */
export const createSandboxEstate = ({ tables, types = firstTypeNames, behaviour }: SandboxEstateParts): Estate => {
  const resources = createResources(tables);
  const isThrottled = (region: string): boolean => behaviour?.throttledRegions.has(region) ?? false;
  const write = createWriter(resources, isThrottled);
  return {
    accounts: async () => sandboxAccounts,
    regions: async () => sandboxRegions,
    types: () => types,
    list: (extent, context) => list(resources, isThrottled, extent, context),
    read: async (arns, context) => {
      const found = new Map<string, Resource | Failure>();
      for (const arn of arns) {
        stopIfAborted(context);
        const resource = await resources.find(arn);
        if (resource === undefined || resource.state === 'terminated') continue;
        found.set(arn, isThrottled(resource.region) ? failureOf(resource) : asResource(resource));
      }
      return found;
    },
    // Each account of the sandbox has one network, called by the account.
    surroundings: async ({ type, accountId }) => {
      const account = sandboxAccounts.find((each) => each.accountId === accountId);
      return type === 'ec2:instance' && account ? { vpcName: `${account.name.toLowerCase()}-main` } : {};
    },
    tag: (arns, tags, context) =>
      write(arns, context, (resource) => refusal(resource, tags) ?? { tags: { ...resource.tags, ...tags } }),
    untag: (arns, keys, context) =>
      write(
        arns,
        context,
        (resource) => refusalToRemove(resource, keys) ?? { tags: without(resource.tags, new Set(keys)) },
      ),
  };
};

const without = (tags: Tags, keys: ReadonlySet<string>): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.has(key)));

const failureOf = ({ accountId, region }: Pick<SandboxResource, 'accountId' | 'region'>): Failure => ({
  accountId,
  region,
  code: 'throttled',
  message: `${region} keeps answering that the rate is exceeded.`,
});

async function* list(
  resources: SandboxResources,
  isThrottled: (region: string) => boolean,
  { accounts, regions, types }: Extent,
  context: EstateContext,
): AsyncGenerator<Slice> {
  for (const accountId of accounts) {
    const held = Map.groupBy(await resources.ofAccount(accountId), (each) => `${each.region} ${each.type}`);
    for (const region of regions)
      for (const type of types) {
        stopIfAborted(context);
        const slice = { accountId, region, type };
        yield isThrottled(region)
          ? { ...slice, resources: [], failure: failureOf(slice) }
          : { ...slice, resources: (held.get(`${region} ${type}`) ?? []).map(asResource) };
      }
  }
}

type Change = (resource: SandboxResource) => { readonly tags: Tags } | WriteOutcome;

/** One ARN after the other. Writers of one resource, in this task or another, never lose each other's tags: see retag. */
const createWriter = (resources: SandboxResources, isThrottled: (region: string) => boolean) => {
  const writeOne = async (arn: string, change: Change): Promise<WriteOutcome> => {
    const refused = await resources.retag<WriteOutcome>(arn, (resource) => {
      if (resource === undefined) return { reason: missing(arn, typeOf(arn)) };
      if (isThrottled(resource.region)) return { reason: throttled(arn) };
      const changed = change(resource);
      return 'ok' in changed ? { reason: changed } : changed;
    });
    return refused ?? { arn, ok: true };
  };
  return async (arns: readonly string[], context: EstateContext, change: Change): Promise<readonly WriteOutcome[]> => {
    const outcomes: WriteOutcome[] = [];
    for (const arn of arns)
      outcomes.push(
        context.signal.aborted
          ? { arn, ok: false, code: 'cancelled', message: 'The call was cancelled before this one.' }
          : await writeOne(arn, change),
      );
    return outcomes;
  };
};

const typeOf = (arn: string): SandboxType =>
  sandboxTypes.find((type) => type === parseArn(arn)?.type) ?? 'ec2:instance';
