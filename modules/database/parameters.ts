/** How the PostgreSQL server runs: TLS only, and what it writes to its log. */
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group/index.js';
import { Construct } from 'constructs';

/** By name, in PostgreSQL's own units. */
const parameters: Readonly<Record<string, string>> = {
  'rds.force_ssl': '1',
  log_connections: '1',
  log_lock_waits: '1',
  // Changes of the schema, and statements over a second; not what they were given, which is people's data.
  log_statement: 'ddl',
  log_min_duration_statement: '1000',
  log_parameter_max_length: '0',
};

export interface ParametersProps {
  /** Start of the group's name. */
  readonly name: string;
  /** PostgreSQL version, such as 17 or 17.5. */
  readonly engineVersion: string;
}

export class Parameters extends Construct {
  readonly groupName: string;

  constructor(scope: Construct, id: string, { name, engineVersion }: ParametersProps) {
    super(scope, id);
    const family = `postgres${engineVersion.split('.')[0]}`;
    const group = new DbParameterGroup(this, 'group', {
      name: `${name}-${family}`,
      family,
      description: `Parameters of ${name}`,
      parameter: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value })),
      // A new major version takes a new group while the old one is in use.
      lifecycle: { createBeforeDestroy: true },
    });
    this.groupName = group.name;
  }
}
