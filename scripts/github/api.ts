/** GitHub's REST API as a workflow reaches it: with the variables that GitHub Actions sets, and no program besides. */
import { z } from 'zod';
import type { Host } from '../platform/command.ts';
import { OperatorProblem } from '../platform/problem.ts';

/** GitHub refused a request. */
export class GitHubRefusal extends OperatorProblem {
  readonly status: number;

  constructor(status: number, what: string, said: string) {
    super(`GitHub answers ${status} to ${what}${said === '' ? '' : `: ${said}`}.`);
    this.status = status;
  }
}

export interface GitHub {
  /** owner/name. */
  readonly repository: string;
  /**
   * @param path from the root of the API, such as `/repos/o/r/pulls`
   * @throws GitHubRefusal
   */
  call(method: string, path: string, body?: object): Promise<unknown>;
  /** For what REST has no route for. @throws OperatorProblem with what GitHub says */
  graphql(query: string, variables: object): Promise<void>;
}

const Message = z.object({ message: z.string() });
const Answer = z.object({ errors: z.array(Message).optional() });

/** What GitHub says of it, in one line. */
const saidIn = (text: string): string => {
  try {
    return Message.parse(JSON.parse(text)).message.split('\n')[0]?.replace(/\.$/, '').slice(0, 200) ?? '';
  } catch {
    // Of a proxy on the way, or nothing.
    return '';
  }
};

/** @throws OperatorProblem where a variable of GitHub Actions is missing */
export const openGitHub = ({ env }: Pick<Host, 'env'>): GitHub => {
  const { GITHUB_API_URL: base = 'https://api.github.com', GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = env;
  const { GITHUB_GRAPHQL_URL: graph = `${base}/graphql` } = env;
  if (token === undefined || token === '') throw new OperatorProblem('GITHUB_TOKEN is not set.');
  if (repository === undefined || repository === '') throw new OperatorProblem('GITHUB_REPOSITORY is not set.');
  const send = async (method: string, url: string, what: string, body?: object): Promise<unknown> => {
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) throw new GitHubRefusal(response.status, what, saidIn(text));
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    repository,
    call: (method, path, body) => send(method, `${base}${path}`, `${method} ${path}`, body),
    graphql: async (query, variables) => {
      // GraphQL answers 200 to what it refuses.
      const { errors = [] } = Answer.parse(await send('POST', graph, 'GraphQL', { query, variables }));
      if (errors[0] !== undefined) throw new OperatorProblem(`GitHub says: ${errors[0].message}`);
    },
  };
};

/** The variables that every script here takes, for its `--help`. */
export const gitHubNotes = 'Takes GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL as GitHub Actions sets them.';
