/** A stack that is resolved once: what the policies looked at is what is written. */
import { Aspects, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { CreateFirst } from './create-first.ts';
import { withFurtherProviders } from './further-providers.ts';
import { withoutSecondResolving } from './second-resolving.ts';

export class EnvironmentStack extends TerraformStack {
  #resolved: unknown;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    Aspects.of(this).add(new CreateFirst());
  }

  /**
   * cdktf resolves every stack twice: first only to find references into other stacks, which it would turn into outputs
   * and remote states. Here crossing.ts carries them, so the first time is left out.
   */
  override prepareStack(): void {
    this.ensureBackendExists();
  }

  /** Aspects have run by now, and nothing changes a stack after its validation. */
  override runAllValidations(): void {
    this.#resolved = this.toTerraform();
    super.runAllValidations();
  }

  override toTerraform(): unknown {
    return this.#resolved ?? withFurtherProviders(withoutSecondResolving(() => super.toTerraform() as object));
  }
}
