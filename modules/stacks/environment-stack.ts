/** A stack that is resolved once: what the policies looked at is what is written. */
import { Aspects, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { partitionOf } from '../../contracts/aws.ts';
import { CreateFirst } from './create-first.ts';

export class EnvironmentStack extends TerraformStack {
  readonly #partition: string;
  #resolved: unknown;

  /** @param region its own; ARNs are written in the partition of that region */
  constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    this.#partition = partitionOf(region);
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
    this.#resolved = this.#inPartition();
    super.runAllValidations();
  }

  override toTerraform(): unknown {
    return this.#resolved ?? this.#inPartition();
  }

  /** Constructs write ARNs of the partition aws. Here once for all of them, those made of names included. */
  #inPartition(): unknown {
    const resolved: unknown = super.toTerraform();
    if (this.#partition === 'aws') return resolved;
    return JSON.parse(JSON.stringify(resolved).replaceAll('arn:aws:', `arn:${this.#partition}:`));
  }
}
