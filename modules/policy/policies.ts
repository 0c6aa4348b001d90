/** Every policy, and the aspect that fails synthesis where one is broken. */
import { type IAspect, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { encryption } from './encryption.ts';
import { exposure } from './exposure.ts';
import { keeping } from './keeping.ts';
import { permissions } from './permissions.ts';
import { reach } from './reach.ts';
import { type NetworkOffer, type Policy, viewOf } from './view.ts';

export const policies: readonly Policy[] = [...exposure, ...encryption, ...permissions, ...keeping, ...reach];

/** Everything in a stack that breaks a policy, one line each. */
export const breachesOf = (stack: unknown, prod: boolean, network?: NetworkOffer): string[] => {
  const view = viewOf(stack, prod, network);
  return policies.flatMap(({ name, breaches }) =>
    breaches(view).map(({ address, problem }) => `${address} ${problem} (${name})`),
  );
};

/** Looks at the whole stack when it is validated, after the aspects that change it. */
export class FailOnBreach implements IAspect {
  readonly #prod: boolean;
  readonly #network: NetworkOffer | undefined;

  /** @param props network: of the environment that the stack belongs to, where it has one */
  constructor({ prod, network }: { readonly prod: boolean; readonly network?: NetworkOffer | undefined }) {
    this.#prod = prod;
    this.#network = network;
  }

  visit(node: IConstruct): void {
    if (node instanceof TerraformStack)
      node.node.addValidation({ validate: () => breachesOf(node.toTerraform(), this.#prod, this.#network) });
  }
}
