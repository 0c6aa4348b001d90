/** Restores a copy, looks into it and takes it away again, whatever happens. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { Keyring } from '../../../service/src/audit/mac.ts';
import type { VerifyOptions } from '../../../service/src/audit/verify.ts';
import { ConfigError, parseConfig } from '../../../service/src/config.ts';
import { StartError } from '../../../service/src/start-error.ts';
import { during, type Host } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { auditKeys } from '../audit/log.ts';
import type { ClientOf } from '../clients.ts';
import { type Copy, momentIn } from './copy.ts';
import { hasOwnLog, serviceVariables, wayToDatabase } from './service-variables.ts';
import { type Contents, contentsOf } from './verify.ts';

export interface Trial extends Contents {
  readonly region: string;
  /** ISO time of what was restored. */
  readonly at: string;
  readonly names: readonly string[];
  /** Seconds that it took until the copy could be read, and to look into it. */
  readonly seconds: { readonly restored: number; readonly verified: number };
}

export interface TrialProps {
  readonly deployment: Deployment;
  readonly client: ClientOf;
  readonly to: Date | undefined;
  readonly since: VerifyOptions['since'];
  /** ENCRYPTION_KEYs of earlier times. */
  readonly oldKeys: readonly string[];
}

const keysFor = async (variables: NodeJS.ProcessEnv, old: readonly string[]): Promise<Keyring> => {
  const keys = await auditKeys(parseConfig(variables), old);
  if (keys === undefined) throw new OperatorProblem('There is no ENCRYPTION_KEY to verify the audit log with.');
  return keys;
};

/** What keeps a store from being opened is for the operator to put right. */
const opening = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StartError || error instanceof ConfigError)
      throw new OperatorProblem(`The copy could not be read. ${error.message}`, { cause: error });
    throw error;
  }
};

const contentsIn = async (
  host: Host,
  copy: Copy,
  { deployment, since, oldKeys }: TrialProps,
  service: NodeJS.ProcessEnv,
  at: Date,
): Promise<Contents> => {
  const { store_mode, table_prefix, tool_packs } = deployment.settings;
  // Another image has tables of its own in PostgreSQL.
  if (store_mode === 'postgres' && !hasOwnLog(deployment)) return { tables: [], faults: [] };
  const told = { ...service, TOOL_PACKS: tool_packs.join(',') };
  const there = { ...told, ...(await copy.variables()), ...wayToDatabase(host.env) };
  return contentsOf({
    copy: there,
    // A database would be changed by a version that is not the one in service: opening brings it up to date.
    inService: store_mode === 'dynamodb' ? { ...told, STORE: 'dynamodb', TABLE_PREFIX: table_prefix } : undefined,
    audit: hasOwnLog(deployment) ? { keys: await keysFor(there, oldKeys), ...(since && { since }) } : undefined,
    at,
  });
};

/** Looks into a copy that is there. @throws OperatorProblem where it cannot be reached */
export const look = (
  host: Host,
  copy: Copy,
  props: TrialProps,
  service: NodeJS.ProcessEnv,
  at: Date,
): Promise<Contents> => opening(() => contentsIn(host, copy, props, service, at));

export const secondsSince = (start: number): number => Math.round((performance.now() - start) / 100) / 10;

/** @throws OperatorProblem, with nothing left behind, or naming what is */
export const tryCopy = async (host: Host, copy: Copy, props: TrialProps, signal: AbortSignal): Promise<Trial> => {
  const there = await copy.present();
  if (there.length > 0)
    throw new OperatorProblem(
      `${there.join(', ')} ${there.length > 1 ? 'are' : 'is'} there already: another verification runs, or one was killed. To delete what was left: npm run backup:verify -- --environment <name> --clean`,
    );
  const at = momentIn(await copy.window(), props.to);
  // Whatever would keep the copy from being read is found before it is made, which takes long and is paid for.
  const service = await serviceVariables(props.deployment, props.client, host.env);
  try {
    const start = performance.now();
    await during(host, `Restoring what was at ${at.toISOString()}`, () => copy.make(at, signal));
    const restored = secondsSince(start);
    signal.throwIfAborted();
    const contents = await during(host, 'Reading the copy', () => look(host, copy, props, service, at));
    const seconds = { restored, verified: secondsSince(start) - restored };
    return { region: props.deployment.region, at: at.toISOString(), names: copy.names, seconds, ...contents };
  } finally {
    const left = await during(host, 'Taking the copy away', () => copy.remove());
    if (left.length > 0)
      host.err(
        `LEFT BEHIND, and paid for: ${left.join(', ')}. Take it away: npm run backup:verify -- --environment <name> --clean`,
      );
  }
};
