/** The tagging pack: its tools, resources and prompts, made of its services. */
import type { PromptDefinition, ResourceDefinition } from '../../mcp/content.ts';
import type { Tool } from '../../mcp/tool.ts';
import { taggingResources } from './content.ts';
import { taggingPrompts } from './prompts.ts';
import { createScanner } from './scan.ts';
import type { Pack } from './scan-tool.ts';
import type { TaggingServices } from './services.ts';
import { approveBulkTaggingRequest } from './tools/approve-bulk-tagging-request.ts';
import { bulkTagResources } from './tools/bulk-tag-resources.ts';
import { checkTagCompliance } from './tools/check-tag-compliance.ts';
import { findUntaggedResources } from './tools/find-untagged-resources.ts';
import { getTaggingPolicy } from './tools/get-tagging-policy.ts';
import { previewBulkTagging } from './tools/preview-bulk-tagging.ts';

const tools = [
  checkTagCompliance,
  findUntaggedResources,
  getTaggingPolicy,
  previewBulkTagging,
  bulkTagResources,
  approveBulkTaggingRequest,
];

export interface TaggingContents {
  readonly tools: readonly Tool[];
  readonly resources: readonly ResourceDefinition[];
  readonly prompts: readonly PromptDefinition[];
}

export const taggingContents = (services: TaggingServices): TaggingContents => {
  const pack: Pack = { ...services, scanner: createScanner(services) };
  return {
    tools: tools.map((make) => make(pack)),
    resources: taggingResources(pack),
    prompts: taggingPrompts(pack),
  };
};

/** The pack's tools alone. */
export const taggingPack = (services: TaggingServices): Tool[] => [...taggingContents(services).tools];
