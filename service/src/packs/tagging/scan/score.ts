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

/** The sum of counts: an account with ten times the resources weighs ten times as much. */
export const aggregate = (counts: Iterable<Counts>): Counts => {
  let total = 0;
  let compliant = 0;
  for (const each of counts) {
    total += each.total;
    compliant += each.compliant;
  }
  return { total, compliant };
};

/** Counts per value of a key, such as a region or an account. */
export const countBy = <R>(
  resources: Iterable<R>,
  keyOf: (resource: R) => string,
  isCompliant: (resource: R) => boolean,
): Map<string, Counts> => {
  const groups = new Map<string, Counts>();
  for (const resource of resources) {
    const key = keyOf(resource);
    const { total, compliant } = groups.get(key) ?? { total: 0, compliant: 0 };
    groups.set(key, { total: total + 1, compliant: compliant + (isCompliant(resource) ? 1 : 0) });
  }
  return groups;
};
