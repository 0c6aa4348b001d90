/** For tests: a command that a workflow's lines call, run by the test itself, because a process for each call takes a second. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

export interface ServedCommand {
  /** The answer to `npm run`, in bash. */
  readonly bash: string;
  close(): void;
}

/** @param run prints by `out`. @returns the exit code */
export const serveCommand = async (
  run: (args: readonly string[], out: (line: string) => void) => Promise<number>,
): Promise<ServedCommand> => {
  const server = createServer(async (request, response) => {
    const args = (await text(request)).split('\0').slice(0, -1);
    const lines: string[] = [];
    const code = await run(args, (line) => lines.push(line)).catch((error: unknown) => {
      lines.push(String(error));
      return 70;
    });
    response.end([code, ...lines].join('\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  return {
    bash: `
answer=$(printf '%s\\0' "$@" | curl --silent --fail --data-binary @- ${url})
case $answer in *$'\\n'*) echo "\${answer#*$'\\n'}" ;; esac
exit "\${answer%%$'\\n'*}"
`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
