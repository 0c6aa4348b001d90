/** One thing wrong with a tfvars file: the setting, what is wrong and what would be right. */
export interface SettingProblem {
  /** As it stands in the file; with a dot for a part of it, such as `region_settings.eu-west-2.vpc_cidr`. */
  readonly setting: string;
  /** What it must be, and how to get there. */
  readonly problem: string;
}
