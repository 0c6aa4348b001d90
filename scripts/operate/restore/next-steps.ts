/** How a copy becomes what is in service: every step a command, or a line of a file. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';

export interface NextProps {
  readonly deployment: Deployment;
  /** What `--environment` takes. */
  readonly environment: string;
  readonly file: string;
  readonly label: string;
}

/** What remains once the copy is verified. */
export const stepsToService = ({ deployment, environment, file, label }: NextProps): readonly string[] => {
  const { region, settings } = deployment;
  const command = (name: string, rest: string): string => `npm run ${name} -- --environment ${environment}${rest}`;
  const isTables = settings.store_mode === 'dynamodb';
  return [
    command('maintenance', ` on --region ${region}`),
    command('restore', ` --region ${region} --take-over ${label}`),
    ...(isTables ? [`${file}: table_prefix = "${settings.table_prefix}${label}-"`] : []),
    command('plan', '   (imports the copy; nothing may be destroyed)'),
    command('deploy', ''),
    command('doctor', ''),
    command('maintenance', ` off --region ${region}`),
  ];
};

/** What takes the copy away instead. */
export const stepToDiscard = ({ deployment, environment, label }: NextProps): string =>
  `npm run restore -- --environment ${environment} --region ${deployment.region} --discard ${label}`;
