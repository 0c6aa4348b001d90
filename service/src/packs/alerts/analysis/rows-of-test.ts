/** Alarms of tests: one a line, as people write them down. */
import { elementTypes } from '../model/element.ts';
import { parseSeverity } from '../model/severity.ts';
import type { AlarmRow } from './columns.ts';

const day = '2026-05-01';

/**
 * `site time element severity name`, on 1 May 2026; the beginning of an element type is enough.
 * @example alarms('CZA0021 10:00 POWER 5 MainsFailure')
 */
export const alarms = (...lines: readonly string[]): AlarmRow[] =>
  lines.map((line, index) => {
    const [site_code = '', time = '', element = '', severity, name = ''] = line.split(' ');
    return {
      event_id: `e${String(index).padStart(6, '0')}`,
      at: new Date(`${day}T${time.padEnd(8, ':00').padEnd(12, '.000')}Z`).toISOString(),
      severity: parseSeverity(severity).severity,
      site_code,
      element_type: elementTypes.find((type) => type.startsWith(element)) ?? 'UNKNOWN',
      name,
    };
  });

export const dayOfTest = {
  from: Date.parse(`${day}T00:00:00Z`),
  to: Date.parse('2026-05-02T00:00:00Z'),
  days: 1,
  live: false,
};
