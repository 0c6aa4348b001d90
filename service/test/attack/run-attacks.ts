/** Runs attacks on one store, lets everything come to its end, and judges. */
import { verifyAudit } from '../faults/verify-audit.ts';
import type { Attack } from './attacks/attack.ts';
import { type Finding, judge } from './count.ts';
import { readStore } from './evidence.ts';
import { forge } from './forger.ts';
import type { StoreKind } from './store.ts';
import { World } from './world.ts';

export interface AttackReport {
  readonly store: string;
  readonly operations: number;
  readonly answers: number;
  readonly effects: number;
  readonly records: number;
  readonly findings: readonly Finding[];
}

/**
 * @param rounds how often each attack repeats what depends on luck
 * @param tell told what is under way
 */
export const runAttacks = async (
  kind: StoreKind,
  attacks: readonly Attack[],
  rounds: number,
  tell: (line: string) => void = () => {},
): Promise<AttackReport> => {
  const world = await World.open(kind);
  try {
    for (const attack of attacks) {
      tell(`${kind.name}: ${attack.name}`);
      await attack.run(world, rounds);
    }
    tell(`${kind.name}: settling`);
    await world.settle();
    await world.halt();
    const kept = await world.withTables(readStore);
    const verify = () =>
      verifyAudit(world.command).then(
        () => undefined,
        (error: unknown) => String(error),
      );
    const verifier = await verify();
    tell(`${kind.name}: a forger of the audit log`);
    const unnoticed = await forge(world, async () => (await verify()) === undefined);
    const { truth, cloud } = world;
    const findings = [
      ...judge({ ...kept, truth, effects: cloud.effects, verifier }),
      ...unnoticed.map((what) => ({ count: 'unnoticed' as const, what })),
    ];
    return {
      store: kind.name,
      operations: truth.asked.size,
      answers: truth.answers.length,
      effects: cloud.effects.length,
      records: kept.records.length,
      findings,
    };
  } finally {
    await world.stop();
  }
};
