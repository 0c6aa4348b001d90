import type { ChangeRow } from './row.ts';

export const operationsChanges: readonly ChangeRow[] = [
  {
    setting: 'name_prefix',
    what: 'another',
    environment: 'examples/market-data/dev',
    plan: 'a',
    changes: { name_prefix: 'other' },
    outage: 'minutes, and everything that holds data starts empty under its new name',
    note: 'So do `project_name`, `environment`, `table_prefix` and `secret_prefix`, the first two with a state of their own: they are another environment.',
  },
  {
    setting: 'guardduty',
    what: 'off',
    environment: 'prod',
    plan: 'a',
    changes: { guardduty: false },
    outage: 'none',
  },
  {
    setting: 'log_archive',
    what: 'off, and the audit archive with it',
    environment: 'prod',
    plan: 'b',
    changes: { log_archive: false, audit_archive: false },
    outage: 'none',
    note: 'AWS deletes a bucket only when it is empty, and objects under lock only once their days are over.',
  },
  {
    setting: 'xray',
    what: 'off',
    environment: 'prod',
    plan: 'b',
    changes: { xray: false },
    outage: 'none; a rolling deployment',
  },
  {
    setting: 'ops_webhooks',
    what: 'none',
    environment: 'prod',
    plan: 'b',
    changes: { ops_webhooks: [] },
    outage: 'none',
  },
  {
    setting: 'mail_domain',
    what: 'none',
    environment: 'examples/marketing/prod',
    plan: 'a',
    changes: { mail_domain: undefined },
    outage: 'mail',
  },
];
