import type { Audit, ImportedAudit } from '../../audit/port.ts';
import type { Pipeline } from '../../operations/pipeline.ts';

/** What the tools of the pipeline itself use. */
export interface CoreServices {
  readonly pipeline: Pick<Pipeline, 'seenBy' | 'sight' | 'decide' | 'outcome' | 'revert'>;
  readonly audit: Audit;
  readonly imported: ImportedAudit;
  /** Origin of the pages, without a trailing slash. */
  readonly publicUrl: string;
}
