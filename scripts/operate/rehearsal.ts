/**
 * For tests: the commands of a runbook in their order, and the line below its title that says how long they took there.
 * UPDATE_REHEARSALS=1 measures anew and writes the line.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../modules/testing/synthesized.ts';

/** One command of a runbook; `expects` are exit codes that it may end with there. */
export interface Step {
  readonly says: string;
  readonly run: () => Promise<number>;
  readonly expects: readonly number[];
}
export const step = (says: string, expects: readonly number[], run: () => Promise<number>): Step => ({
  says,
  run,
  expects,
});

const opening = '*Rehearsed on ';

const lineOf = (taken: readonly (readonly [says: string, seconds: number])[]): string => {
  const steps = taken.map(([says, seconds]) => `\`${says}\` ${seconds.toFixed(1)} s`).join(', ');
  const day = new Date().toISOString().slice(0, 10);
  return `${opening}${day} on the stand-in for AWS (moto, ${availableParallelism()} processors): ${steps}. What AWS itself takes comes on top.*`;
};

const rehearsedIn = (text: string): string[] =>
  [...(text.split('\n').find((line) => line.startsWith(opening)) ?? '').matchAll(/`([^`]+)` [\d.]+ s/g)].map(
    ([, says = '']) => says,
  );

/** @param runbook name of its file @throws where a command ends with another code, or the runbook names other steps */
export const rehearse = async (
  runbook: string,
  steps: readonly Step[],
  standIn: { readonly forget: () => void; readonly said: () => string },
): Promise<void> => {
  const taken: [string, number][] = [];
  for (const { says, run, expects } of steps) {
    standIn.forget();
    const start = performance.now();
    const code = await run();
    taken.push([says, (performance.now() - start) / 1000]);
    if (!expects.includes(code)) throw new Error(`${says} ended with ${code}: ${standIn.said()}`);
  }
  const path = join(repository, 'docs/runbooks', runbook);
  const text = await readFile(path, 'utf8');
  if (process.env.UPDATE_REHEARSALS === '1') {
    const others = text.split('\n').filter((line) => !line.startsWith(opening));
    // Below the title.
    const lines = [others[0], '', lineOf(taken), ...others.slice(1)];
    await writeFile(path, lines.join('\n').replaceAll(/\n{3,}/g, '\n\n'));
    return;
  }
  expect(rehearsedIn(text)).toEqual(steps.map(({ says }) => says));
};
