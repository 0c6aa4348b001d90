/** One span a tool call, from dispatch to result. */
import { inSpan } from '../tracing.ts';
import type { Dispatch } from './dispatch.ts';

/** Names and attributes follow the OpenTelemetry conventions for MCP. */
export const tracedDispatch =
  (dispatch: Dispatch): Dispatch =>
  (call) => {
    // The name is the client's until the catalogue knows it.
    const tool = call.name.slice(0, 64);
    const attributes = {
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': tool,
      'countersign.correlation_id': call.correlationId,
    };
    return inSpan(`tools/call ${tool}`, attributes, () => dispatch(call));
  };
