/** How a layer's outputs reach a layer in another state: as named outputs, read through remote state. */
import { TerraformOutput, type TerraformRemoteState, type TerraformStack, Token } from 'cdktf';
import type { Deployment } from './deployment.ts';
import { readState } from './state.ts';

type Outputs = string | boolean | undefined | { readonly [part: string]: Outputs };

/** Names and zones become parts of an output's name, which has letters, digits, _ and - only. */
const outputName = (path: readonly string[]): string => path.join('_').replaceAll(/[^\w-]/g, '_');

const carry = (value: Outputs, path: readonly string[], pass: (value: string, name: string) => string): Outputs => {
  if (typeof value === 'string') return Token.isUnresolved(value) ? pass(value, outputName(path)) : value;
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([part, inner]) => [part, carry(inner, [...path, part], pass)]));
};

/** Declares an output for every text in `outputs` that is known only after apply. */
export const declareOutputs = (stack: TerraformStack, outputs: object): void => {
  carry(outputs as Outputs, [], (value, name) => {
    const output = new TerraformOutput(stack, `output-${name}`, { value, sensitive: false });
    output.overrideLogicalId(name);
    return value;
  });
};

/** The same outputs as the stack reads them from the state of `layer`. Texts known at synthesis stay as they are. */
export const readOutputs = <T extends object>(
  stack: TerraformStack,
  deployment: Deployment,
  layer: string,
  outputs: T,
): T => {
  let state: TerraformRemoteState | undefined;
  return carry(outputs as Outputs, [], (_, name) => {
    state ??= readState(stack, deployment, layer);
    return state.getString(name);
  }) as T;
};
