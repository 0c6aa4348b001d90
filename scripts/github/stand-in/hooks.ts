/** For tests: runs scripts that call GitHub against a stand-in that is made anew for each test. */
import { type Command, type Host, type Options, runCommand } from '../../platform/command.ts';
import type { Repository } from './repository.ts';
import type { Rights } from './route.ts';
import { type GitHubStandIn, startGitHub } from './server.ts';

const everything: Rights = {
  actions: 'write',
  contents: 'write',
  issues: 'write',
  'pull-requests': 'write',
};

export const onGitHub = (files: () => Readonly<Record<string, string>> = () => ({})) => {
  let started: GitHubStandIn;
  beforeEach(async () => {
    started = await startGitHub(files());
  });
  afterEach(() => started.stop());
  return {
    github: (): Repository => started.repository,
    /** What a command answers and prints. */
    run: async <O extends Options>(
      command: Command<O>,
      args: readonly string[],
      more: Partial<Host> = {},
      rights: Rights = everything,
    ) => {
      const out: string[] = [];
      const told: string[] = [];
      const { env = {}, ...others } = more;
      const host: Host = {
        root: '.',
        env: {
          GITHUB_TOKEN: started.token(rights),
          GITHUB_REPOSITORY: started.repository.name,
          GITHUB_API_URL: started.url,
          ...env,
        },
        out: (line) => void out.push(line),
        err: (line) => void told.push(line),
        ask: undefined,
        ...others,
      };
      return { code: await runCommand(command, args, host), out, told: told.join('\n') };
    },
  };
};
