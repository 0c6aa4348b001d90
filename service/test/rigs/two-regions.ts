/** A service in each of two regions over stores that are copied late, and one upstream that both change. */
import type { Home } from '../../../contracts/home.ts';
import { openAuditLog } from '../../src/audit/log.ts';
import { verifyChain } from '../../src/audit/verify.ts';
import { guardTables } from '../../src/home/guarded-tables.ts';
import { type HomeRegister, type HomeWatch, watchHome } from '../../src/home/home.ts';
import { regionalAudit } from '../../src/home/regional-audit.ts';
import { createPipeline, type Pipeline } from '../../src/operations/pipeline.ts';
import { OperationStore } from '../../src/operations/store.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { auditKeys } from './audit-keys.ts';
import { openRig, type Rig } from './pipeline.ts';
import { Replicated } from './replicated.ts';

export const names = ['us-east-1', 'eu-west-1'] as const;
type Place = 0 | 1;

/** As long as a lease and what may be under way for replication: what a move waits. */
export const MOVE_WAITS_MS = 6 * 60_000 + 60_000;

export interface Region {
  readonly tables: TableEngine;
  readonly audit: ReturnType<typeof openAuditLog>;
  readonly pipeline: Pipeline;
  readonly home: HomeWatch | undefined;
}

export interface TwoRegions {
  readonly rig: Rig;
  readonly stores: Replicated;
  readonly regions: readonly [Region, Region];
  /** What the register of each region has; a move is written to one and arrives at the other. */
  readonly homes: [Home | undefined, Home | undefined];
  /** A process that starts in the region, on the data that is there. */
  start(place: Place): Region;
  later(milliseconds: number): void;
  /** Moves the home as the operator's command does: the old at no tasks, then the wait, then the epoch. */
  moveTo(place: Place): Promise<void>;
  /** What is wrong with the chains of the audit log, as the region has them. */
  broken(place: Place): Promise<unknown[]>;
}

const keys = auditKeys;

/** @param guarded false: without home and epoch, as two regions were before. For the tests that show what goes wrong then */
export const openTwoRegions = (seed: number, guarded = true): TwoRegions => {
  const rig = openRig();
  const now = () => rig.world.now;
  const stores = new Replicated({ now, seed });
  const homes: TwoRegions['homes'] = [undefined, undefined];
  const register = (place: Place): HomeRegister => ({
    read: async () => homes[place],
    // The other region sends nothing: only the copied epoch and the wait protect the data.
    readElsewhere: async () => [],
    close: () => {},
  });
  const start = (place: Place): Region => {
    const parts = { register: register(place), region: names[place], initial: names[0], now, log: rig.parts.log };
    const home = guarded ? watchHome(parts) : undefined;
    const own = stores.regions[place];
    const tables = home === undefined ? own : guardTables(own, home);
    const log = openAuditLog({ tables, now, keys, retentionDays: 30 });
    const audit = home === undefined ? log : regionalAudit(log, home);
    const settings = { ...rig.parts.settings, instanceId: `task in ${names[place]}`, claimWaitMs: 0 };
    const store = new OperationStore(tables);
    const pipeline = createPipeline({ ...rig.parts, store, audit, settings, home, turns: new Map() });
    return { tables, audit, pipeline, home };
  };
  const later = (milliseconds: number) => {
    rig.world.now = new Date(rig.world.now.getTime() + milliseconds);
  };
  return {
    rig,
    stores,
    homes,
    start,
    later,
    regions: [start(0), start(1)],
    moveTo: async (place) => {
      later(MOVE_WAITS_MS);
      await stores.arrive();
      const epoch = Math.max(...homes.map((home) => home?.epoch ?? 0)) + 1;
      homes[place] = { region: names[place], epoch };
      later(1_000);
      homes[place === 0 ? 1 : 0] = homes[place];
      later(6_000);
    },
    broken: async (place) => {
      const report = await verifyChain({ tables: stores.regions[place], keys, retentionDays: 30, now });
      return [...report.breaks];
    },
  };
};
