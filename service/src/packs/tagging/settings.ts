/** What the operator decided about the tagging pack. */
export interface TaggingSettings {
  /** Origin of the pages people approve on, without a trailing slash. */
  readonly publicUrl: string;
  /** approval_required=false lets the requester confirm their own change. */
  readonly allowSelfConfirm: boolean;
  /** The role assumed in other accounts; a call may name it, never choose it. */
  readonly crossAccountRoleName: string;
  readonly crossAccountExternalId?: string | undefined;
  /** Mail addresses of people known to hold tag:approve. Empty where only the identity provider knows. */
  readonly approvers: readonly string[];
}
