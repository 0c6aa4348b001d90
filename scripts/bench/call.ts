/** The call that is measured: one authenticated tools/call of a query, in either protocol revision. */

export const tool = 'get_tagging_policy';

export interface Era {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const base = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' } as const;
const call = (params: object): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: {}, ...params } });

export const eras: readonly Era[] = [
  {
    name: '2026-07-28',
    headers: { ...base, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': tool },
    body: call({
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    }),
  },
  { name: '2025-11-25', headers: { ...base, 'mcp-protocol-version': '2025-11-25' }, body: call({}) },
];
