/** How many instances may be gone, or be there besides, while all are replaced. */
export interface RefreshBounds {
  /** Percent of the wanted ones that stay in service at least. */
  readonly minimum: number;
  /** Percent that there are at most. */
  readonly maximum: number;
}

/**
 * AWS takes at most 200 percent, and no more than 100 between the two:
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
 */
export const refreshBounds = ({ minimum, maximum }: RefreshBounds): RefreshBounds => ({
  minimum,
  maximum: Math.min(200, maximum, minimum + 100),
});
