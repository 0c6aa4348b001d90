/** What a newcomer reads after `npm start`. */
import { enabled } from '../../../contracts/packs/index.ts';
import { routes } from '../../../contracts/routes.ts';
import { demoPeople } from '../auth/people.ts';
import type { Config } from '../config.ts';

/** Plain text for a terminal: where to go, who to be, how to connect. */
export const welcome = (
  config: Pick<Config, 'TOOL_PACKS' | 'PUBLIC_URL' | 'RESOURCE' | 'DATA_DIR' | 'SANDBOX_ON_NETWORK' | 'HOST'>,
): string => {
  const people = demoPeople.map(({ name, roles }) => `    ${name.padEnd(26)} ${roles.join(', ')}`);
  const packs = enabled(config.TOOL_PACKS).map(([, contract]) => contract);
  const questions = packs.flatMap(({ firstQuestion }) => (firstQuestion === undefined ? [] : [`"${firstQuestion}"`]));
  return [
    '',
    `  Countersign runs at ${config.PUBLIC_URL} in its sandbox. Its state is in ${config.DATA_DIR}.`,
    ...packs.map(({ title, description }) => `    ${title}: ${description}`),
    ...(config.SANDBOX_ON_NETWORK
      ? [`  SANDBOX_ON_NETWORK: whoever reaches ${config.HOST} may act as any of these people.`]
      : []),
    '',
    `  Nothing is sent: what people would be told is at ${config.PUBLIC_URL}${routes.sentNotices.path}`,
    '',
    '  Sign in as one of the demo people:',
    ...people,
    '',
    '  Connect an MCP client:',
    `    Claude Code      claude mcp add --transport http countersign ${config.RESOURCE}`,
    '                     claude mcp login countersign',
    `    Claude Desktop   Settings > Connectors > Add custom connector > ${config.RESOURCE}`,
    '                     (Claude calls connectors from the internet; for this computer use mcp-remote, in',
    '                     claude_desktop_config.json:)',
    `      { "mcpServers": { "countersign": { "command": "npx", "args": ["-y", "mcp-remote", "${config.RESOURCE}"] } } }`,
    '    MCP Inspector    (needs Node 22.19 or newer)',
    `      npx @modelcontextprotocol/inspector --web --transport http --server-url ${config.RESOURCE}`,
    '',
    `  ${questions.length > 0 ? `Then ask: ${questions.join(' or ')} ` : ''}The guide is in docs/getting-started.md.`,
    '',
    '',
  ].join('\n');
};
