/** A change of settings that is tried on what stands. */
import type { SettingName } from '../../../contracts/settings/index.ts';

export interface ChangeRow {
  /** The setting that changes, the most important one where it takes several. */
  readonly setting: SettingName;
  /** What is changed, for the reader: `a zone is dropped`. Unique. */
  readonly what: string;
  /** As in environments/. */
  readonly environment: string;
  /** Rows of one environment with the same letter are planned together. */
  readonly plan: string;
  /** The new values; undefined takes a setting away. */
  readonly changes: Readonly<Partial<Record<SettingName, unknown>>>;
  /** What people notice: `none`, or how long what is away. */
  readonly outage: string;
  readonly note?: string;
  /** Names that pass from one resource to another, and why no order is needed. By the type of resource. */
  readonly unordered?: Readonly<Record<string, string>>;
}
