/** The copy of whatever store an environment has. */
import { OperatorProblem } from '../../platform/problem.ts';
import type { Copy, CopyProps } from './copy.ts';
import { databaseCopy } from './database.ts';
import { tablesCopy } from './tables.ts';

/** @throws OperatorProblem where there is no store */
export const copyOf = (props: CopyProps): Copy => {
  switch (props.deployment.settings.store_mode) {
    case 'dynamodb':
      return tablesCopy(props);
    case 'postgres':
      return databaseCopy(props);
    case 'none':
      throw new OperatorProblem(
        `${props.deployment.settings.environment} has no store (store_mode = "none"): there is nothing to restore.`,
      );
  }
};
