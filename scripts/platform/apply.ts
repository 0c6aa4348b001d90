/** Applies plans in order, and says what stands when one fails. */
import { followApply } from './applying.ts';
import type { Host } from './command.ts';
import { during } from './host.ts';
import { planFile } from './manifest.ts';
import type { Planned } from './plans.ts';
import { OperatorProblem } from './problem.ts';
import type { Terraform } from './terraform.ts';
import type { Stack } from './workspace.ts';

export interface ApplyOptions {
  /** Shows a line for each resource. Default: true. False: only how far it is. */
  readonly show?: boolean;
}

/** @throws OperatorProblem naming what was applied, what failed and what was not begun */
export const applyPlans = async (
  host: Host,
  terraform: Terraform,
  out: string,
  stacks: readonly Stack[],
  { show = true }: ApplyOptions = {},
): Promise<void> => {
  for (const [index, stack] of stacks.entries()) {
    const howFar = followApply();
    try {
      await during(host, `Applying ${stack.name}`, (tell) =>
        terraform.run(stack, ['apply', '-input=false', '-no-color', planFile(out, stack.name)], {
          show,
          watch: (line) => {
            const where = howFar(line);
            if (where !== undefined) tell(where);
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof OperatorProblem)) throw error;
      const names = (list: readonly Stack[]) => list.map(({ name }) => name).join(', ');
      const done = stacks.slice(0, index);
      const left = stacks.slice(index + 1);
      throw new OperatorProblem(
        [
          error.message,
          ...(done.length > 0 ? [`Applied before: ${names(done)}.`] : []),
          ...(left.length > 0 ? [`Not begun: ${names(left)}.`] : []),
        ].join('\n'),
        { cause: error },
      );
    }
  }
};

/** Those that change something. */
export const toApply = (planned: readonly Planned[]): Stack[] =>
  planned.filter(({ outcome }) => outcome === 'changes').map(({ stack }) => stack);
