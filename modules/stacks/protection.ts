/** Why what runs on a stand-in for AWS may do without protection against deletion in prod: it is destroyed at the end. */
import type { Deployment } from './deployment.ts';

/** The controls that ask for it, by their ids. */
const protections = ['Cognito.6', 'DynamoDB.6', 'ELB.6', 'RDS.8'] as const;
const reason = 'It stands on an emulator, and is destroyed when that has served its purpose.';

/** The operator's own reasons for controls that fail; on an emulator also those for missing protection. */
export const controlReasonsOf = ({ settings, target }: Deployment): Readonly<Record<string, string>> =>
  target.kind === 'emulator'
    ? { ...Object.fromEntries(protections.map((id) => [id, reason])), ...settings.control_reasons }
    : settings.control_reasons;
