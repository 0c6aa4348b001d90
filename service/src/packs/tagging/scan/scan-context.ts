import type { CallContext } from '../../../call.ts';

/** What a scan needs of whoever asked for it: a call, a job, or the pack itself. */
export type ScanContext = Pick<CallContext, 'signal' | 'log' | 'progress'>;
