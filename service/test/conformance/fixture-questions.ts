/**
 * Tools and a prompt that ask back. In the 2026-07-28 revision by an input_required result, which needs no session; a
 * client of an earlier revision gets an error, for its request could only reach it through one.
 */
import {
  acceptedContent,
  type CallToolResult,
  type GetPromptResult,
  type InputRequest,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type RequestStateCodec,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { RequestInfo } from '../../src/mcp/surface.ts';
import { clientCapabilities } from './client-capabilities.ts';
import type { Fixture } from './fixture-tools.ts';
import { text } from './samples.ts';

type Answer = CallToolResult | InputRequiredResult;

const Name = z.object({ name: z.string() });
const Color = z.object({ color: z.string() });
const Confirmed = z.object({ ok: z.boolean() });
const Context = z.object({ context: z.string() });

const ask = (message: string, requestedSchema: typeof Name | typeof Color | typeof Confirmed | typeof Context) =>
  inputRequired.elicit({ message, requestedSchema });
const sample = (prompt: string, maxTokens: number): InputRequest =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(prompt) }], maxTokens });

const say = (value: string): CallToolResult => ({ content: [text(value)] });
const given = ({ mcp }: RequestInfo) => mcp.mcpReq.inputResponses;
const has = (info: RequestInfo, key: string): boolean => inputResponse(given(info), key).kind !== 'missing';

/** One question under one key, asked until it is answered. */
const once = (description: string, key: string, question: InputRequest): Fixture<Answer> => ({
  description,
  run: async (info) => (has(info, key) ? say(`Got ${key}.`) : inputRequired({ inputRequests: { [key]: question } })),
});

const elicitation: Fixture<Answer> = {
  description: 'Asks for a name',
  run: async (info) => {
    const accepted = acceptedContent(given(info), 'user_name', Name);
    return accepted
      ? say(`Hello, ${accepted.name}!`)
      : inputRequired({ inputRequests: { user_name: ask('What is your name?', Name) } });
  },
};

/** Asks only for what the client said it can do. */
const capable: Fixture<Answer> = {
  description: 'Asks in whichever way the client can answer',
  run: async (info) => {
    const { sampling, elicitation: form } = clientCapabilities(info);
    const inputRequests: Record<string, InputRequest> = {};
    if (form) inputRequests.user_name = ask('What is your name?', Name);
    if (sampling) inputRequests.capital_question = sample('What is the capital of France?', 100);
    const open = Object.keys(inputRequests).filter((key) => !has(info, key));
    return open.length === 0 ? say('Nothing left to ask.') : inputRequired({ inputRequests });
  },
};

const State = z.object({ step: z.string() });

const stepOf = (info: RequestInfo): string | undefined => {
  const state = State.safeParse(info.mcp.mcpReq.requestState());
  return state.success ? state.data.step : undefined;
};

/** @param codec the service's own: state it did not seal never reaches a fixture */
const stateful = (codec: RequestStateCodec<unknown>): Readonly<Record<string, Fixture<Answer>>> => {
  const next = async (info: RequestInfo, step: string, inputRequests: Record<string, InputRequest>) =>
    inputRequired({ inputRequests, requestState: await codec.mint({ step }, info.mcp) });
  const confirm: Fixture<Answer> = {
    description: 'Asks to confirm, and remembers that it did',
    run: async (info) =>
      stepOf(info) === 'confirm' && acceptedContent(given(info), 'confirm', Confirmed)
        ? say('state-ok')
        : next(info, 'confirm', { confirm: ask('Please confirm', Confirmed) }),
  };
  return {
    test_input_required_result_request_state: confirm,
    test_input_required_result_tampered_state: confirm,
    test_input_required_result_multiple_inputs: {
      description: 'Asks three things at once',
      run: async (info) =>
        stepOf(info) === 'all' && ['user_name', 'greeting', 'client_roots'].every((key) => has(info, key))
          ? say('Got all three.')
          : next(info, 'all', {
              user_name: ask('What is your name?', Name),
              greeting: sample('Generate a greeting', 50),
              client_roots: inputRequired.listRoots(),
            }),
    },
    test_input_required_result_multi_round: {
      description: 'Asks one thing, then another',
      run: async (info) => {
        const step = stepOf(info);
        if (step === 'two' && acceptedContent(given(info), 'step2', Color)) return say('Got both.');
        if (step === 'one' && acceptedContent(given(info), 'step1', Name))
          return next(info, 'two', { step2: ask('Step 2: What is your favorite color?', Color) });
        return next(info, 'one', { step1: ask('Step 1: What is your name?', Name) });
      },
    },
  };
};

export const askingTools = (codec: RequestStateCodec<unknown>): Readonly<Record<string, Fixture<Answer>>> => ({
  test_input_required_result_elicitation: elicitation,
  test_streaming_elicitation: elicitation,
  test_input_required_result_sampling: once(
    'Asks the model',
    'capital_question',
    sample('What is the capital of France?', 100),
  ),
  test_input_required_result_list_roots: once('Asks for roots', 'client_roots', inputRequired.listRoots()),
  test_input_required_result_capabilities: capable,
  ...stateful(codec),
});

export const askingPrompt = async (info: RequestInfo): Promise<GetPromptResult | InputRequiredResult> => {
  const accepted = acceptedContent(given(info), 'user_context', Context);
  return accepted
    ? { messages: [{ role: 'user', content: text(`In the context of ${accepted.context}.`) }] }
    : inputRequired({ inputRequests: { user_context: ask('What context should the prompt use?', Context) } });
};
