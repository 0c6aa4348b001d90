/** The archive of a function, as Terraform uploads it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';

/** Thrown at synthesis; says what to run. */
export class MissingArchiveError extends Error {
  override readonly name = 'MissingArchiveError';

  constructor(path: string) {
    super(`${path} is missing: npm run build makes it.`);
  }
}

/**
 * A copy beside the stack's Terraform. It is made by `npm run build`, not zipped here: cdktf would keep the files'
 * times, and every checkout would look like new code.
 */
export class Archive extends Construct {
  /** Path from the stack's folder. */
  readonly path: string;
  /** SHA-256 in base64, the form Lambda tells it in. */
  readonly hash: string;

  /** @throws MissingArchiveError */
  constructor(scope: Construct, id: string, { path }: { readonly path: string }) {
    super(scope, id);
    if (!existsSync(path)) throw new MissingArchiveError(path);
    this.hash = createHash('sha256').update(readFileSync(path)).digest('base64');
    const asset = new TerraformAsset(this, 'file', {
      path,
      type: AssetType.FILE,
      assetHash: createHash('sha256').update(this.hash).digest('hex').slice(0, 32),
    });
    this.path = asset.path;
  }
}
