/** Environments that are applied to a stand-in for AWS: the matrix, and one of each of the five systems. */

export interface Applied {
  readonly name: string;
  /** Destroyed as an operator must: protection off in an apply of its own. */
  readonly isProtected?: true;
  /** Settings besides those of its file, so that something is made that the example lacks. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

/** Those that take longest come first. */
export const applied: readonly Applied[] = [
  { name: 'prod' },
  {
    name: 'examples/tag-governance/prod',
    // A cutover changes what schedules scale to, so that this is no drift either.
    changes: { scale_schedules: { night: { cron: 'cron(0 20 ? * * *)', min: 1, max: 2 } } },
  },
  { name: 'examples/marketing/prod' },
  { name: 'staging' },
  { name: 'dev' },
  { name: 'examples/startup/staging' },
  { name: 'examples/startup/prod', isProtected: true },
  { name: 'examples/alerts/prod', isProtected: true },
  // Without a pack, the bucket is there by its setting alone.
  { name: 'examples/market-data/dev', changes: { data_bucket: true } },
];

export const appliedNames = applied.map(({ name }) => name);
