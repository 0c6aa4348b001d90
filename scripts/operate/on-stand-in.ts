/** For tests: operators' commands as they are run, against a stand-in for AWS. */
import { repository } from '../../modules/testing/synthesized.ts';
import { type Emulator, startEmulator } from '../emulator/moto.ts';
import { type Command, type Host, type Options, runCommand } from '../platform/command.ts';
import { openOperated } from './operated.ts';

/** Registers hooks that start the stand-in for the environment, empty it before each test and stop it at the end. */
export const onStandIn = (environment: string) => {
  let emulator: Emulator;
  const lines: string[] = [];
  const forget = (): void => {
    lines.length = 0;
  };
  const hostWith = (more: Partial<Host> = {}): Host => ({
    root: repository,
    env: process.env,
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    ask: undefined,
    ...more,
  });

  beforeAll(async () => {
    const { deployments } = await openOperated(hostWith(), { environment });
    emulator = await startEmulator(deployments.map(({ settings }) => settings));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: emulator.url,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
    });
  });
  afterAll(() => emulator.stop());
  beforeEach(async () => {
    forget();
    await emulator.reset();
  });

  return {
    hostWith,
    /** The exit code. */
    run: <O extends Options>(command: Command<O>, args: readonly string[], more: Partial<Host> = {}) =>
      runCommand(command, args, hostWith(more)),
    /** What commands have printed since the test began, or since `forget`. */
    lines: lines as readonly string[],
    said: () => lines.join('\n'),
    forget,
    /** How moto lets states of a kind follow each other, until the tests of the file end: `ecs::task`, `immediate`. */
    transition: async (model: string, progression: 'immediate'): Promise<void> => {
      const body = JSON.stringify({ model_name: model, transition: { progression } });
      await fetch(`${emulator.url}/moto-api/state-manager/set-transition`, { method: 'POST', body });
    },
    /** Where the stand-in listens. */
    url: () => emulator.url,
  };
};
