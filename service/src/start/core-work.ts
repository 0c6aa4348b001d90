/** Work of the service itself that comes by itself: one task does it, and the page of jobs shows it. */
import { z } from 'zod';
import type { AuditExport } from '../audit/export/export.ts';
import type { Audit } from '../audit/port.ts';
import { endOf } from '../mcp/safety/belief-log.ts';
import type { Intents } from '../mcp/safety/intents.ts';
import { sweepObjects } from '../objects/sweep.ts';
import type { Objects } from '../ports/objects.ts';
import { defineWorker } from '../ports/worker.ts';
import type { Foundation } from './foundation.ts';
import type { OpenJobs } from './jobs.ts';

const sweep = ({ tables }: Foundation['state']) =>
  defineWorker({
    name: 'sweep',
    description: 'Deletes rows whose time has passed.',
    payload: z.object({}),
    work: async () => ({ result: { deleted: await tables.sweep() } }),
  });

const sweepFolder = ({ objects, config, now }: Pick<CoreWork, 'objects' | 'config' | 'now'>) =>
  defineWorker({
    name: 'sweep-objects',
    description: 'Removes files of packs whose time has passed.',
    payload: z.object({}),
    work: async () => ({ result: { removed: await sweepObjects(objects, config.TOOL_PACKS, now()) } }),
  });

const exportAudit = (auditExport: AuditExport) =>
  defineWorker({
    name: 'audit-export',
    description: 'Writes audit records that are in no file yet to the archive.',
    payload: z.object({}),
    atOnce: 1,
    // The next occurrence goes on where this one stopped.
    delays: [60],
    work: async () => {
      await auditExport.run();
      return undefined;
    },
  });

/** Nobody answered: that is on record too. */
const expireIntents = ({ intents, audit }: Pick<CoreWork, 'intents' | 'audit'>) =>
  defineWorker({
    name: 'expire-intents',
    description: 'Records questions about calls that nobody answered in time.',
    payload: z.object({}),
    atOnce: 1,
    delays: [60],
    work: async () => {
      let expired = 0;
      for await (const intent of intents.takeExpired()) {
        await audit.append(endOf(intent, 'expired', { kind: 'upkeep', correlationId: intent.correlationId }));
        expired += 1;
      }
      return { result: { expired } };
    },
  });

interface CoreWork extends Pick<Foundation, 'state' | 'config' | 'now'> {
  readonly objects: Pick<Objects, 'list' | 'remove'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly intents: Intents;
  /** Absent where the audit log is exported nowhere. */
  readonly auditExport?: AuditExport | undefined;
}

export const serveCoreWork = (jobs: Pick<OpenJobs, 'serve'>, work: CoreWork): void => {
  const { state, config, auditExport } = work;
  const due = [
    { worker: expireIntents(work), cron: '*/5 * * * *' },
    // DynamoDB deletes what has expired by itself.
    ...(config.STORE === 'dynamodb' ? [] : [{ worker: sweep(state), cron: '*/10 * * * *' }]),
    // A bucket has the same rules.
    ...(config.OBJECTS_BUCKET === undefined ? [{ worker: sweepFolder(work), cron: '25 * * * *' }] : []),
    ...(auditExport === undefined ? [] : [{ worker: exportAudit(auditExport), cron: '*/15 * * * *' }]),
  ];
  jobs.serve(
    due.map(({ worker }) => ({ owner: 'core', worker })),
    due.map(({ worker: { name }, cron }) => ({ owner: 'core', job: { name, worker: name, cron } })),
  );
};
