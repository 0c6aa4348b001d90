/** The name of the snapshot that a database leaves when it is destroyed. */
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { Generation } from './generation.ts';

export interface LastSnapshotProps {
  /** Of the database. */
  readonly identifier: string;
  /** Whatever makes AWS replace the database when it changes. */
  readonly replacedBy: Readonly<Record<string, string>>;
}

/**
 * RDS refuses to delete a database whose last snapshot has a name that is taken. So the name ends with an id that is made
 * anew with the database: when the environment is, and when the database is replaced.
 */
export class LastSnapshot extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { identifier, replacedBy }: LastSnapshotProps) {
    super(scope, id);
    const generation = new Generation(this, 'generation', { identifier, ...replacedBy });
    generation.overrideLogicalId('database_generation');
    this.name = `${identifier}-final-${Fn.substr(generation.id, 0, 8)}`;
  }
}
