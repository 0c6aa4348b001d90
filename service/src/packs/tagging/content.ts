/** What the pack offers to read. */
import type { ResourceDefinition } from '../../mcp/content.ts';
import type { Pack } from './scan-tool.ts';

export const taggingResources = (pack: Pack): ResourceDefinition[] => [
  {
    uri: 'countersign://tagging/policy',
    name: 'tagging-policy',
    title: 'Tagging policy',
    description: 'The policy tags are judged by: version, source, required and optional tags, as JSON.',
    mimeType: 'application/json',
    scopes: ['tag:read'],
    read: async () => {
      const { policy, version, source } = await pack.policy.current();
      return JSON.stringify({ version, source, policy }, null, 2);
    },
  },
];
