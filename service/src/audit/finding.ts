/** What a verification finds. */

export type AuditFindingKind = 'changed' | 'missing' | 'reordered' | 'forged-head' | 'unsigned' | 'unproven' | 'untrue';

export interface AuditFinding {
  /** The record that is not, or not where, it was written. */
  readonly sequence: number;
  readonly kind: AuditFindingKind;
  readonly detail: string;
}

export interface Break extends Omit<AuditFinding, 'kind'> {
  /** The person, or `system`; `anchors` for what is wrong with an anchor, whose number `sequence` is then. */
  readonly partition: string;
  readonly kind: AuditFindingKind | 'anchor';
}

/** A record that was seen whole: kept elsewhere, it shows later whether the chain was rewritten up to it. */
export interface Pin {
  readonly sequence: number;
  readonly hash: string;
}
