/** Opens the packs that TOOL_PACKS names, and merges what they offer. */
import type { PackContract } from '../../../contracts/packs/pack.ts';
import { closeAll } from '../close-all.ts';
import { faultsOf } from './belonging.ts';
import { bound, type UnboundServices } from './bound.ts';
import { type MergedPacks, mergePacks, type OpenedPack } from './merge.ts';
import type { OpenPack } from './pack.ts';

/** A pack as it is registered. */
export interface PackEntry {
  readonly name: string;
  readonly contract: PackContract;
  readonly open: OpenPack;
}

export interface OpenPacks extends MergedPacks {
  /** Each of them, in the order of the registry. */
  readonly each: readonly OpenedPack[];
  /** Closes all, the latest first, also after one that fails. @throws the first failure */
  close(): Promise<void>;
}

/** @throws what the opener throws, or naming what of the pack is not as its contract says; then it is closed again */
const openOne = async ({ name, contract, open }: PackEntry, services: UnboundServices): Promise<OpenedPack> => {
  const pack = await open(bound(name, contract, services));
  const faults = faultsOf(contract, pack);
  if (faults.length === 0) return { name, contract, pack };
  await pack.close?.();
  throw new Error([`The pack ${name} is not as contracts/packs/${name}.ts says:`, ...faults].join('\n  '));
};

const closing = (opened: readonly OpenedPack[]): Promise<void> =>
  closeAll(
    opened.toReversed().map(
      ({ pack }) =>
        () =>
          pack.close?.(),
    ),
  );

/**
 * Opens them side by side.
 * @throws the first failure, when every pack that could be opened is closed again; other failures are logged
 */
export const openPacks = async (entries: readonly PackEntry[], services: UnboundServices): Promise<OpenPacks> => {
  const settled = await Promise.allSettled(entries.map((entry) => openOne(entry, services)));
  const opened = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const [failure, ...others] = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const giveUp = async (error: unknown): Promise<never> => {
    await closing(opened).catch((err: unknown) => services.log.error({ err }, 'a pack was not closed'));
    throw error;
  };
  for (const err of others) services.log.error({ err }, 'another pack was not opened either');
  if (failure !== undefined) return giveUp(failure);
  try {
    return { each: opened, ...mergePacks(opened), close: () => closing(opened) };
  } catch (error) {
    return giveUp(error);
  }
};
