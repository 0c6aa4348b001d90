/** A stack that is resolved once: what the policies looked at is what is written. */
import { TerraformStack } from 'cdktf';

export class EnvironmentStack extends TerraformStack {
  #resolved: unknown;

  /** Aspects have run by now, and nothing changes a stack after its validation. */
  override runAllValidations(): void {
    this.#resolved = super.toTerraform();
    super.runAllValidations();
  }

  override toTerraform(): unknown {
    return this.#resolved ?? super.toTerraform();
  }
}
