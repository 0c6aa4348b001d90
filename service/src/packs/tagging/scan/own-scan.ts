/** A scan that no call asked for: of the pack itself, for an audit on a schedule. */
import type { Logger } from 'pino';
import { type ExtentInput, type ResolvedExtent, resolveExtent } from './extent.ts';
import type { Scan } from './scan.ts';
import type { TaggingPack } from './scan-tool.ts';

export interface OwnScanOptions {
  /** Ends the scan. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Also keep each resource's tags, so that later drift can be detected. */
  readonly snapshot?: boolean;
  /** Read everything again instead of what was read in the last hour. Default: true, unless `since` says what is new enough. */
  readonly fresh?: boolean;
  /** Read again what was read before, ISO, and nothing else. */
  readonly since?: string;
  /** Is told how many parts are read, of how many. */
  readonly progress?: (done: number, total: number, message?: string) => Promise<void>;
}

export interface OwnScan {
  readonly scan: Scan;
  readonly resolved: ResolvedExtent;
  /** It rests on something read for it, and stands in the history. */
  readonly recorded: boolean;
}

/**
 * Scans as the pack itself, with costs, and keeps the score in the history as a scan by check_tag_compliance is kept.
 * @throws invalid_input for what the operator did not enable; cancelled when the signal aborts
 * @example
 * const { scan } = await scanAsPack(pack, {}, { signal: job.signal, log: job.log, snapshot: true });
 */
export const scanAsPack = async (
  pack: TaggingPack,
  input: ExtentInput,
  { signal, log, snapshot = false, since, fresh = since === undefined, progress = async () => {} }: OwnScanOptions,
): Promise<OwnScan> => {
  await pack.estate.learnNames?.({ signal, log });
  const resolved = await resolveExtent(input, pack.estate, pack.settings);
  const how = { costs: true, fresh, ...(since !== undefined && { since }) };
  const { scan, cached } = await pack.scanner.scan(resolved, how, { signal, log, progress });
  const recorded = !cached || snapshot;
  if (recorded) await pack.scans.record(scan, { snapshot });
  return { scan, resolved, recorded };
};
