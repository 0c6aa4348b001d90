/** Resources and prompts as packs define them. */
import type { Scope } from '../../../contracts/scopes.ts';
import type { Caller } from '../auth/caller.ts';

/** A text that has an address. */
export interface ResourceDefinition {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  readonly scopes: readonly Scope[];
  read(caller: Caller): Promise<string>;
}

/** Texts whose address has one variable part. */
export interface ResourceFamily {
  /** RFC 6570 template with one variable, such as countersign://operations/{operation_id}. */
  readonly template: string;
  readonly variable: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  readonly scopes: readonly Scope[];
  /** Newest first, a page at a time. */
  list(
    cursor: string | undefined,
    caller: Caller,
  ): Promise<{
    readonly items: readonly { readonly value: string; readonly title: string }[];
    readonly cursor?: string;
  }>;
  /** Undefined when there is none of that value. */
  read(value: string, caller: Caller): Promise<string | undefined>;
  complete(typed: string, caller: Caller): Promise<readonly string[]>;
}

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  complete?(typed: string, caller: Caller): Promise<readonly string[]>;
}

/** A job people start often, as the text that starts it. */
export interface PromptDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** Without these no values of its arguments are proposed. Default: to whoever may read anything. */
  readonly scopes?: readonly Scope[];
  render(
    args: Readonly<Record<string, string>>,
  ): readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
}
