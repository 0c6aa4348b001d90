/** The answer that names the way out, for a client that was challenged and did not step up. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Scope } from '../../../contracts/scopes.ts';

export interface StepUpNeeded {
  readonly missing: readonly Scope[];
  /** Page where the person raises them for this client. */
  readonly url: string;
}

/** The same facts in both forms, because hosts show the model either the one or the other. */
export const stepUpResult = ({ missing, url }: StepUpNeeded): CallToolResult => {
  const message = `This call needs ${missing.join(' and ')}, and this app did not ask for it. Have the person open ${url} to allow it for a while, then repeat the call.`;
  const structuredContent = {
    step_up_url: url,
    error: { code: 'insufficient_scope', message, details: { required_scope: missing.join(' '), step_up_url: url } },
  };
  return { isError: true, structuredContent, content: [{ type: 'text', text: JSON.stringify(structuredContent) }] };
};
