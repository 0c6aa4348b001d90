import type { AccountAccess } from '../../accounts/access.ts';
import type { Audit, ImportedAudit } from '../../audit/port.ts';
import type { QuestionParts } from '../../mcp/safety/questions.ts';
import type { Pipeline } from '../../operations/pipeline.ts';

/** What the tools of the pipeline itself use. */
export interface CoreServices {
  readonly pipeline: Pick<Pipeline, 'seenBy' | 'sight' | 'decide' | 'outcome' | 'revert' | 'awaitsRequester'>;
  readonly audit: Audit;
  readonly imported: ImportedAudit;
  readonly access: AccountAccess;
  readonly safety: Pick<QuestionParts, 'intents' | 'regrets'> & {
    /** Whether calls of some tool may be questioned before they run. */
    readonly mayAsk: boolean;
  };
  readonly now: () => Date;
  /** Origin of the pages, without a trailing slash. */
  readonly publicUrl: string;
  readonly waits: {
    /** Seconds a call may stay open before what stands before the service ends it. */
    readonly mostSeconds: number;
    /** Whether the service is about to stop. */
    stopping(): boolean;
  };
}
