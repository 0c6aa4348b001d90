/** Scores. Pure: counts in, honest numbers out. */

export const complianceStatuses = ['compliant', 'non_compliant', 'no_data'] as const;

export interface Counts {
  readonly total: number;
  readonly compliant: number;
}

export interface Score {
  readonly compliance_status: (typeof complianceStatuses)[number];
  /** 0 to 1; null when there was nothing to judge. */
  readonly compliance_score: number | null;
  /** The same, but 1 where there was nothing to judge, for clients of the reference server. */
  readonly compliance_score_compat: number;
}

/** Ratios with four decimals: finer than anybody reads, coarse enough to print. */
export const ratio = (part: number, whole: number): number => Math.round((part / whole) * 10_000) / 10_000;

export const scoreOf = ({ total, compliant }: Counts): Score => {
  if (total === 0) return { compliance_status: 'no_data', compliance_score: null, compliance_score_compat: 1 };
  const score = ratio(compliant, total);
  return {
    compliance_status: compliant === total ? 'compliant' : 'non_compliant',
    compliance_score: score,
    compliance_score_compat: score,
  };
};
