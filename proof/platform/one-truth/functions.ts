/** The stack's functions, run from the bundles that `npm run build` makes. */
import { join } from 'node:path';
import { z } from 'zod';
import { type FunctionProcess, startFunction } from '../../../service/test/rigs/http-api.ts';
import { type Loopback, onLoopback } from './overrides.ts';
import type { Block, Stack } from './stack.ts';

const LambdaFunction = z.object({
  filename: z.string(),
  handler: z.string(),
  runtime: z.literal('nodejs22.x'),
  environment: z.object({ variables: z.record(z.string(), z.string()) }),
});

export interface FunctionPlace {
  /** Folder with a folder for each function. */
  readonly bundles: string;
  /** Lambda's runtime sets it, whatever the stack says. */
  readonly region: string;
  readonly loopback: Loopback;
}

const start = async (stack: Stack, block: Block, place: FunctionPlace): Promise<FunctionProcess> => {
  const { filename, handler, environment } = LambdaFunction.parse(block);
  const [file = '', name] = handler.split('.');
  // What the process of service/test/rigs/function-runtime.ts calls.
  if (name !== 'handler') throw new Error(`${handler} is not exported`);
  const bundle =
    filename
      .split('/')
      .at(-1)
      ?.replace(/\.zip$/, '') ?? '';
  const given = z.record(z.string(), z.string()).parse(stack.evaluate(environment.variables));
  const variables = { ...onLoopback(given, place.loopback), AWS_REGION: place.region };
  return startFunction(join(place.bundles, bundle, `${file}.js`), variables);
};

/** Fills `started`, by name of their block. @throws with its output when one does not start */
export const startFunctions = async (
  stack: Stack,
  place: FunctionPlace,
  started: Map<string, FunctionProcess>,
): Promise<void> => {
  for (const [name, block] of stack.all('aws_lambda_function')) started.set(name, await start(stack, block, place));
};
