/** What scan tools say of themselves alike. A tool replaces what is different about it. */
import { awsAccounts } from '../changes/targets.ts';
import type { ExtentInput } from './extent.ts';
import { scanRegrets } from './scan-regrets.ts';
import { completeScan, estimateScan, scanAmbiguities, type TaggingPack } from './scan-tool.ts';

/** @param costs whether the scan reads costs */
export const scanSteps = (pack: TaggingPack, costs: boolean) => ({
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  accounts: (input: ExtentInput) => awsAccounts(input.accounts ?? []),
  regrets: (input: ExtentInput) => scanRegrets(pack, input, costs),
  estimate: (input: ExtentInput) => estimateScan(pack, input, costs),
  ambiguities: (input: ExtentInput) => scanAmbiguities(pack, input),
  complete: (argument: string, typed: string) => completeScan(pack, argument, typed),
});
