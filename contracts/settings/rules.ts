/** What must hold between the settings of an environment in one region, in the order of the reference. */
import type { SettingRule } from './rule.ts';
import { computeRules } from './rules-compute.ts';
import { dataRules } from './rules-data.ts';
import { generalRules } from './rules-general.ts';
import { ingressRules } from './rules-ingress.ts';
import { limitRules } from './rules-limits.ts';
import { networkRules } from './rules-network.ts';
import { regionRules } from './rules-regions.ts';

export const settingRules: readonly SettingRule[] = [
  ...generalRules,
  ...regionRules,
  ...networkRules,
  ...computeRules,
  ...ingressRules,
  ...dataRules,
  ...limitRules,
];
