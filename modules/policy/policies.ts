/** Every policy, and the aspect that fails synthesis where one is broken. */
import { type IAspect, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { controlsHaveReasons } from './controls/controls.ts';
import { encryption } from './encryption.ts';
import { exposure } from './exposure.ts';
import { keeping } from './keeping.ts';
import { limitPolicies } from './limits.ts';
import { permissions } from './permissions.ts';
import { reach } from './reach.ts';
import { advice, type Settled } from './traced.ts';
import { type NetworkOffer, type Policy, viewOf } from './view.ts';

export const policies: readonly Policy[] = [
  ...exposure,
  ...encryption,
  ...permissions,
  ...keeping,
  ...reach,
  ...limitPolicies,
  controlsHaveReasons,
];

/** What a stack is judged with. */
export interface Surroundings {
  /** Of the environment that the stack belongs to, where it has one. */
  readonly network?: NetworkOffer | undefined;
  /** What the stack is made of, to name the settings that break a policy and the lines they stand on. */
  readonly settled?: Settled | undefined;
  /** Whether it is of the region that has what an environment or an account has once. Default: true. */
  readonly primary?: boolean;
  /** The operator's own reasons, `control_reasons`. */
  readonly controlReasons?: Readonly<Record<string, string>>;
}

/** Everything in a stack that breaks a policy, one line each. */
export const breachesOf = (stack: unknown, prod: boolean, surroundings: Surroundings = {}): string[] => {
  const { network, settled = { settings: {} }, primary, controlReasons } = surroundings;
  const view = viewOf(stack, prod, { network, primary, controlReasons });
  return policies.flatMap(({ name, breaches }) =>
    breaches(view).map((breach) => `${breach.address} ${breach.problem}${advice(breach, settled)} (${name})`),
  );
};

/** Looks at the whole stack when it is validated, after the aspects that change it. */
export class FailOnBreach implements IAspect {
  readonly #prod: boolean;
  readonly #surroundings: Surroundings;

  constructor({ prod, ...surroundings }: Surroundings & { readonly prod: boolean }) {
    this.#prod = prod;
    this.#surroundings = surroundings;
  }

  visit(node: IConstruct): void {
    if (node instanceof TerraformStack)
      node.node.addValidation({ validate: () => breachesOf(node.toTerraform(), this.#prod, this.#surroundings) });
  }
}
