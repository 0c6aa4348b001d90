/** Bedrock's agents and knowledge bases. Their tags are ASCII only: policy/tag-rules.ts. */
import {
  type BedrockAgentClient,
  ListAgentsCommand,
  ListKnowledgeBasesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-bedrock-agent';
import { bedrockApi } from '../apis/bedrock.ts';
import type { TypeFacts } from './form.ts';
import { arnIn, pagedType } from './paged.ts';

const PAGE = 1000;

const ofBedrock = {
  api: bedrockApi,
  missing: ['ResourceNotFoundException'],
  tags: async (client, { arn }, options) =>
    (await client.send(new ListTagsForResourceCommand({ resourceArn: arn }), options)).tags,
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ resourceArn: arn, tags: { ...tags } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
} satisfies Pick<TypeFacts<BedrockAgentClient>, 'api' | 'missing' | 'tags' | 'set' | 'remove'>;

export const bedrockAgent = pagedType({
  type: 'bedrock:agent',
  noun: ['agent', 'agents'],
  taggingFilter: 'bedrock:agent',
  ...ofBedrock,
  page: (client, nextToken, options) => client.send(new ListAgentsCommand({ maxResults: PAGE, nextToken }), options),
  next: ({ nextToken }) => nextToken,
  items: ({ agentSummaries }) => agentSummaries,
  resource: ({ agentId, agentStatus }, place, must) => {
    const id = must('id', agentId);
    return { arn: arnIn(place, 'bedrock', `agent/${id}`), id, state: must('status', agentStatus) };
  },
});

export const knowledgeBase = pagedType({
  type: 'bedrock:knowledge-base',
  noun: ['knowledge base', 'knowledge bases'],
  taggingFilter: 'bedrock:knowledge-base',
  ...ofBedrock,
  page: (client, nextToken, options) =>
    client.send(new ListKnowledgeBasesCommand({ maxResults: PAGE, nextToken }), options),
  next: ({ nextToken }) => nextToken,
  items: ({ knowledgeBaseSummaries }) => knowledgeBaseSummaries,
  resource: ({ knowledgeBaseId, status }, place, must) => {
    const id = must('id', knowledgeBaseId);
    return { arn: arnIn(place, 'bedrock', `knowledge-base/${id}`), id, state: must('status', status) };
  },
});
