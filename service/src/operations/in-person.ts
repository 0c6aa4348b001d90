import type { Origin } from '../origin.ts';
import type { Operation } from './operation.ts';

/** Which operations wait for their requester, because the upstream wants a credential that only the requester's own request brings. */
export interface InPerson {
  /** Whether applying what this tool planned takes its requester's own request. */
  needed(tool: string): boolean;
  /** Whether it is such a request: it came from the requester and carries the credential. */
  isHere(operation: Pick<Operation, 'tool' | 'requester'>, origin: Origin): boolean;
  /** What the requester has to send along, in words. */
  wanted(tool: string): string;
}
