/** What a pack is opened with, and what it is once it is open. */
import type { Logger } from 'pino';
import type { Scope } from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';
import type { PackContents } from '../mcp/pack.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { TableEngine } from '../ports/tables.ts';
import type { ComplianceProps, ScanPoint } from '../web/props.ts';

/** What a pack is given to open itself with. */
export interface PackServices {
  readonly config: Config;
  readonly state: { readonly tables: TableEngine; readonly ephemeral: Ephemeral };
  readonly pipeline: Pipeline;
  /** Mail addresses of people known to hold a scope. Empty where only the identity provider knows. */
  readonly holders: (scope: Scope) => readonly string[];
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}

/** What the compliance page asks of the tool pack that scans. */
export interface ComplianceReports {
  /** Scans of the whole estate that began in the last `days` days, oldest first. */
  history(days: number): Promise<readonly ScanPoint[]>;
  /** Resources this service wrote after a time, by the policy that holds. */
  changedSince?(timestamp: string): Promise<number>;
  policy(): Promise<ComplianceProps['policy']>;
}

/** A tool pack, opened with what the service lends it. */
export interface OpenPack {
  readonly contents: PackContents;
  /** Accounts a call may name. */
  readonly accounts: () => Promise<readonly string[]>;
  /** For the pages; only the tagging pack has any. */
  readonly compliance: ComplianceReports;
  /** Where the pack's policy came from, for /health. */
  readonly policySource: () => string;
}
