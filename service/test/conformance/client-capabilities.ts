import { CLIENT_CAPABILITIES_META_KEY } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { RequestInfo } from '../../src/mcp/surface.ts';

const Envelope = z.object({
  [CLIENT_CAPABILITIES_META_KEY]: z
    .object({ sampling: z.unknown().optional(), elicitation: z.unknown().optional() })
    .default({}),
});

/** What the client of a 2026-07-28 request says it can do. The SDK types the envelope as an object without fields. */
export const clientCapabilities = ({ mcp }: RequestInfo) =>
  Envelope.parse(mcp.mcpReq.envelope ?? {})[CLIENT_CAPABILITIES_META_KEY];
