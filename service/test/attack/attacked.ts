/** The bounded part of `npm run attack` that CI runs, for one store. */
import { describeWith } from '../servers/programs.ts';
import type { Attack } from './attacks/attack.ts';
import { attacks } from './attacks/index.ts';
import { runAttacks } from './run-attacks.ts';
import { type StoreKind, storeKinds } from './store.ts';

/** @param which the attacks that are worth their time on this store; default all */
export const describeAttacks = async (name: StoreKind['name'], which: readonly Attack[] = attacks): Promise<void> => {
  const kind = storeKinds.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`there is no store ${name}`);
  await describeWith(kind.programs, `The promise under attack on ${name}`, () => {
    it('is kept: every count is zero', async () => {
      const report = await runAttacks(kind, which, 1);
      expect(report.findings).toEqual([]);
      // An attack that got nowhere would leave every count at zero too.
      expect(report.operations).toBeGreaterThan(10);
      expect(report.effects).toBeGreaterThan(10);
    }, 300_000);
  });
};
