/** What a pack is opened with, and what it is once it is open. */
import type { Logger } from 'pino';
import type { Scope } from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';
import type { PackContents } from '../mcp/pack.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { TableEngine } from '../ports/tables.ts';
import type { PackPage } from './page.ts';
import type { PackWebhook } from './webhook.ts';

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

/** A tool pack, opened with what the service lends it. */
export interface OpenPack {
  readonly contents: PackContents;
  /** Accounts a call may name. */
  readonly accounts: () => Promise<readonly string[]>;
  readonly pages?: readonly PackPage[];
  /** CSS of its pages. */
  readonly styles?: string;
  readonly webhooks?: readonly PackWebhook[];
  /** Where the pack's policy came from, for /health. */
  readonly policySource: () => string;
}
