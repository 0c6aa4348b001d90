/** Which target is meant where nobody says so: AWS, or the stand-in for it that `npm run emulate -- --serve` keeps. */
import { EnvironmentError } from '../tfvars/error.ts';
import type { DeploymentTarget } from './deployment.ts';

/** Holds the address of the stand-in. */
export const EMULATOR_URL = 'COUNTERSIGN_EMULATOR_URL';

/** What the stand-in is called with. It checks neither. */
export const standInKeys = { accessKey: 'emulator', secretKey: 'emulator' } as const;

/** @throws EnvironmentError where the variable holds no address */
export const targetOf = (env: NodeJS.ProcessEnv): Extract<DeploymentTarget, { kind: 'aws' | 'emulator' }> => {
  const url = env[EMULATOR_URL];
  if (url === undefined || url === '') return { kind: 'aws' };
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new EnvironmentError(
      `${EMULATOR_URL} is ${JSON.stringify(url)}: give the address that npm run emulate -- --serve prints.`,
    );
  return { kind: 'emulator', url };
};
