/** For tests: stand-ins for the actions that the workflows use, by their name without a version. */
import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkOut } from './programs.ts';

/** A step that uses an action. */
export interface Using {
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** Folder of the run's artifacts. */
  readonly artifacts: string;
  /** Takes a role of AWS as the job. @throws where the job may not, or the role does not trust it */
  readonly assume: (role: string) => void;
  readonly uploaded: (name: string) => void;
  /** A token of the repository's GitHub App. */
  readonly appToken: () => string;
}

/** Variables and outputs that an action leaves behind. */
interface Left {
  readonly env?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
}

type Action = (using: Using) => Promise<Left> | Left;

const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name);

const upload: Action = async ({ inputs: { name = '', path = '' }, workspace, artifacts, uploaded }) => {
  const to = join(artifacts, name);
  await mkdir(to, { recursive: true });
  await cp(join(workspace, path), join(to, basename(path)), { recursive: true });
  uploaded(name);
  return {};
};

const download: Action = async ({ inputs: { name, pattern = '*' }, workspace, artifacts }) => {
  const all = await readdir(artifacts).catch(() => [] as string[]);
  const wanted =
    name === undefined ? all.filter((each) => matches(pattern, each)) : all.filter((each) => each === name);
  if (name !== undefined && wanted.length === 0) throw new Error(`there is no artifact ${name}`);
  for (const each of wanted)
    for (const file of await readdir(join(artifacts, each)))
      await cp(join(artifacts, each, file), join(workspace, file));
  return {};
};

export const actions: Readonly<Record<string, Action>> = {
  'actions/checkout': async ({ workspace }) => {
    await checkOut(workspace);
    return {};
  },
  'actions/setup-node': () => ({}),
  'hashicorp/setup-terraform': () => ({}),
  'actions/upload-artifact': upload,
  'actions/download-artifact': download,
  'actions/create-github-app-token': ({ inputs, appToken }) => {
    if (!inputs['private-key']) throw new Error('the app has no key');
    return { outputs: { token: appToken() } };
  },
  'aws-actions/configure-aws-credentials': ({ inputs, assume }) => {
    const { 'role-to-assume': role = '', 'aws-region': region = '' } = inputs;
    assume(role);
    return { env: { AWS_REGION: region, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any', AWS_ROLE: role } };
  },
};
