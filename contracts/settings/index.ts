/**
 * Every setting of an environment's tfvars file. The platform derives what it makes, docs/settings.md is generated
 * from it, and a key that is not here is refused.
 */
import type { z } from 'zod';
import { merged, packs } from '../packs/index.ts';
import type { PackContract } from '../packs/pack.ts';
import { compute } from './compute.ts';
import { data } from './data.ts';
import { general } from './general.ts';
import { identity } from './identity.ts';
import { ingress } from './ingress.ts';
import { network } from './network.ts';
import { operations } from './operations.ts';
import type { SettingContract } from './setting.ts';

/** Sections in the order of the reference. */
export const settingSections = [
  { title: 'Which system, where', settings: general },
  { title: 'Network', settings: network },
  { title: 'Compute', settings: compute },
  { title: 'Ingress', settings: ingress },
  { title: 'State, secrets and backups', settings: data },
  { title: 'Identity', settings: identity },
  { title: 'Operations', settings: operations },
  ...Object.values<PackContract>(packs).map(({ title, settings = {} }) => ({ title, settings })),
] as const;

const own = { ...general, ...network, ...compute, ...ingress, ...data, ...identity, ...operations };

export const settings = {
  ...own,
  ...merged('settings', own),
} as const satisfies Record<string, SettingContract>;

export type SettingName = keyof typeof settings;
export const isSetting = (name: string): name is SettingName => Object.hasOwn(settings, name);
export const settingNames = Object.keys(settings) as SettingName[];
/** Settings that `region_settings` may give for one region. */
export const regionalSettings: readonly SettingName[] = settingNames.filter(
  (name) => (settings[name] as SettingContract).regional,
);

/** The settings as parsed, before defaults that depend on other settings. */
export type GivenSettings = { [S in SettingName]: z.output<(typeof settings)[S]['schema']> };
