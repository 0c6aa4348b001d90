/** How each pack of contracts/packs/index.ts is opened. The module of a pack that is off is never imported. */
import { enabled, type PackName } from '../../../contracts/packs/index.ts';
import type { PackEntry } from './open.ts';
import type { OpenPack } from './pack.ts';

export const openers = {
  tagging: async (services) => (await import('./tagging/open.ts')).openTagging(services),
  marketing: async (services) => (await import('./marketing/open.ts')).openMarketing(services),
  alerts: async (services) => (await import('./alerts/open.ts')).openAlerts(services),
} satisfies Record<PackName, OpenPack>;

/**
 * The packs that are enabled, ready to be opened.
 * @param instead opens some of them otherwise, for tests
 */
export const enabledPacks = (
  names: readonly string[],
  instead: Partial<Record<PackName, OpenPack>> = {},
): readonly PackEntry[] =>
  enabled(names).map(([name, contract]) => ({ name, contract, open: instead[name] ?? openers[name] }));
