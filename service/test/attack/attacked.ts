/** The bounded part of `npm run attack` that CI runs, for one store. */
import { describeWith } from '../servers/programs.ts';
import { attacks } from './attacks/index.ts';
import { runAttacks } from './run-attacks.ts';
import { type StoreKind, storeKinds } from './store.ts';

export const describeAttacks = async (name: StoreKind['name']): Promise<void> => {
  const kind = storeKinds.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`there is no store ${name}`);
  await describeWith(kind.programs, `The promise under attack on ${name}`, () => {
    it('is kept: every count is zero', async () => {
      const report = await runAttacks(kind, attacks, 1);
      expect(report.findings).toEqual([]);
      // An attack that got nowhere would leave every count at zero too.
      expect(report.operations).toBeGreaterThan(20);
      expect(report.effects).toBeGreaterThan(10);
    }, 300_000);
  });
};
