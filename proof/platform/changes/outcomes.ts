/** What the changes came to when somebody last looked: committed, compared with what terraform plans now. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChangeRow } from './row.ts';

/** Types of resources, sorted, each once. */
const Types = z.array(z.string()).readonly();

export const Outcome = z.object({
  change: z.string(),
  environment: z.string(),
  replaced: Types,
  removed: Types,
  made: Types,
  /** Of those replaced or removed, the ones that hold data. */
  lost: Types,
  /** Checks of the plan's review that refuse it. */
  refused: Types,
});
export type Outcome = z.infer<typeof Outcome>;

/** What a row is called where its setting alone is not enough. */
export const titleOf = ({ setting, what }: ChangeRow): string => `${setting}: ${what}`;

const file = join(import.meta.dirname, 'outcomes.json');

/** In the order of the table. */
export const readOutcomes = (): readonly Outcome[] => z.array(Outcome).parse(JSON.parse(readFileSync(file, 'utf8')));

/** Replaces what is committed: UPDATE_CHANGES=1 before the test of applying. */
export const writeOutcomes = (outcomes: readonly Outcome[]): Promise<void> => writeFile(file, JSON.stringify(outcomes));
