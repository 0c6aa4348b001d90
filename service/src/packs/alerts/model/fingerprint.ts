/** What makes two posts be about one alert. */
import { sha256 } from '../../../canonical.ts';
import type { IncomingAlert } from './incoming.ts';

/** Labels that have a field of their own, and those that change while the alert is the same. */
const left = new Set(['alertname', 'site_code', 'element_type', 'instance', 'severity', 'value']);

/** 32 hex digits: the alerts of one fingerprint are one after another, never side by side. */
export const fingerprintOf = ({
  source,
  name,
  site_code,
  element_type,
  element_id,
  labels,
}: Pick<IncomingAlert, 'source' | 'name' | 'site_code' | 'element_type' | 'element_id' | 'labels'>): string => {
  const pairs = Object.entries(labels)
    .filter(([key]) => !left.has(key) && !key.startsWith('__'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify([source, name, site_code, element_type, element_id, pairs])).slice(0, 32);
};
