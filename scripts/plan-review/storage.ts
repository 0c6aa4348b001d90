/** Storage that the settings ask for and RDS will not give back. */
import { configuredResources, type PlanJson } from './plan-json.ts';

const constantOf = (expression: unknown): number | undefined => {
  const value =
    typeof expression === 'object' && expression !== null && 'constant_value' in expression
      ? Number(expression.constant_value)
      : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
};

/** One sentence for each database with more storage than db_gb: it grew, or db_gb was lowered, and the provider is silent. */
export const storageNotes = (plan: PlanJson): string[] => {
  const configured = new Map(configuredResources(plan).map(({ address, expressions }) => [address, expressions]));
  return plan.resource_changes.flatMap(({ address, type, change }) => {
    const [has, asked] = [change.before?.allocated_storage, constantOf(configured.get(address)?.allocated_storage)];
    if (type !== 'aws_db_instance' || typeof has !== 'number' || asked === undefined || asked >= has) return [];
    return [
      `${address}: db_gb asks for ${asked} GB, and it has ${has}, which stay: RDS takes no storage away. Set db_gb = ${has} to say so.`,
    ];
  });
};
