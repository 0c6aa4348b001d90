/** A post about one cell, for tests that look at little else. It loads nothing of the service. */
import type { IncomingAlert } from '../../src/packs/alerts/model/incoming.ts';

/** @param at ISO time at which it begins, and comes */
export const incomingAlert = (at: string, more: Partial<IncomingAlert> = {}): IncomingAlert => ({
  ...{ source: 'test', name: 'CellOut', description: '', severity: 5, severity_defaulted: false },
  ...{ status: 'firing', site_code: 'CZA0021', element_type: 'CELL_SITE', element_id: 'cell-1' },
  ...{ labels: {}, annotations: {}, starts_at: at, ends_at: null, received_at: at },
  ...more,
});
