/** What the audit log must do on every engine. Called inside a describe with a way to open one. */
import { openAuditLog } from '../../src/audit/log.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { auditKeys } from '../rigs/audit-keys.ts';
import { appends } from './audit-contract/appends.ts';
import type { AuditBench } from './audit-contract/bench.ts';
import { queried } from './audit-contract/queried.ts';
import { verified } from './audit-contract/verified.ts';

const START = new Date('2026-03-01T12:00:00.000Z');

/** `share`: which part of the load to put on a slow engine. */
export const auditContract = (open: (now: () => Date) => Promise<TableEngine>, { share = 1 } = {}): void => {
  let time = START;
  let tables: TableEngine;
  const now = () => time;
  beforeAll(async () => {
    tables = await open(now);
  });
  beforeEach(() => {
    time = START;
  });
  afterAll(() => tables.close());

  const bench: AuditBench = {
    get tables() {
      return tables;
    },
    share,
    now,
    moveTo: (to) => {
      time = to;
    },
    audit: (over = tables) => openAuditLog({ tables: over, now, retentionDays: 30, keys: auditKeys }),
  };
  for (const part of [appends, verified, queried]) part(bench);
};
