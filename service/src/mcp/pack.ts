/** What a tool pack brings beside its tools. */
import type { PromptDefinition, ResourceDefinition } from './content.ts';
import type { Tool } from './tool.ts';

export interface PackContents {
  readonly tools: readonly Tool[];
  readonly resources: readonly ResourceDefinition[];
  readonly prompts: readonly PromptDefinition[];
}
