/** The port to who changed tags: CloudTrail, or what the sandbox makes up. */
import type { EstateContext, Failure } from '../estate/estate.ts';
import type { TagDrift } from './compare.ts';

/** The newest write of a tag that is on record. */
export interface TagWriter {
  /** ISO time. */
  readonly at: string;
  /** ARN of the principal, or what else the record names. Text from outside. */
  readonly by: string | null;
}

export interface TagAttribution {
  /** By `attributionKey`. Absent: no write is on record. */
  readonly writers: ReadonlyMap<string, TagWriter>;
  /** Where the record could not be read. */
  readonly failures: readonly Failure[];
}

export interface Trail {
  /**
   * Who wrote these tags last, since a time. What cannot be read is a failure in the answer.
   * @throws cancelled when the signal aborts
   */
  writersOf(drifts: readonly TagDrift[], since: string, context: EstateContext): Promise<TagAttribution>;
}

/** Drifts that are looked up at most: CloudTrail takes two calls a second. */
export const MOST_ATTRIBUTED = 50;

export const attributionKey = ({ resource, tag }: Pick<TagDrift, 'resource' | 'tag'>): string =>
  JSON.stringify([resource.arn, tag]);
