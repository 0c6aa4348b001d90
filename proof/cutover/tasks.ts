/** How a task of a colour runs on this machine: which version, with which variables. */
import type { Service } from '@aws-sdk/client-ecs';
import type { OneOffProgram } from '../../scripts/emulator/agent/one-off.ts';
import type { Place, Program } from '../../scripts/emulator/agent/task.ts';
import { bare } from '../../service/test/servers/bare.ts';
import type { Colour, Estate } from './estate.ts';
import { programOfVersion, type VersionName } from './versions.ts';

export interface Tasks {
  /** Which version a task of the colour that is started from now on runs. */
  runs(colour: Colour, version: VersionName): void;
  /** Seconds for which a task that is started from now on serves on after SIGTERM. */
  serveOnFor(seconds: number): void;
  programOf(service: Service, place: Place): Promise<Program>;
  readonly oneOffOf: OneOffProgram;
}

/** A test asks much in little time, always as the same few people from one address. */
const patience = {
  APPROVE_ON_PAGE_ONLY: 'false',
  DECISIONS_PER_MINUTE: '1000',
  BUDGET_CALLS_PER_HOUR: '1000000',
  LOOP_CALLS: '1000000',
  RATE_LIMIT_PER_MINUTE: '1000000',
  CLIENT_REGISTRATIONS_PER_HOUR: '1000',
};

export interface TasksOptions {
  readonly services: Estate['services'];
  readonly versions: Readonly<Record<Colour, VersionName>>;
  /** Variables that all tasks share. */
  readonly environment: Readonly<Record<string, string>>;
}

export const openTasks = ({ services, versions, environment }: TasksOptions): Tasks => {
  const versionOf = { ...versions };
  let delaySeconds = 1;
  const colourOf = (service = ''): Colour => (service === services.green ? 'green' : 'blue');
  const programFor = async (colour: Colour, args: readonly string[], env: Program['env']): Promise<Program> => ({
    args: ['--disable-warning=ExperimentalWarning', await programOfVersion(versionOf[colour]), ...args],
    env: { ...bare(), ...patience, ...environment, DEPLOYMENT_COLOUR: colour, ...env },
  });
  return {
    runs: (colour, version) => {
      versionOf[colour] = version;
    },
    serveOnFor: (seconds) => {
      delaySeconds = seconds;
    },
    programOf: ({ serviceName }, { address, port }) =>
      programFor(colourOf(serviceName), [], {
        HOST: address,
        PORT: String(port),
        SHUTDOWN_DELAY_SECONDS: String(delaySeconds),
      }),
    // The family of a task definition is the service's name; what follows `node server.js` is for the program.
    oneOffOf: (taskDefinition, [, , ...args]) =>
      programFor(colourOf(/\/([^/:]+):\d+$/.exec(taskDefinition)?.[1]), args, {}),
  };
};
