/**
 * cdktf 0.21 asks util.isArray of every output, which Node warns of once a process (DEP0044). It is Array.isArray under an
 * older name, so cdktf gets that. Not `--disable-warning=DEP0044`: cdktf's own CLI, tests and `node scripts/…` start
 * Node too, and would each have to know the flag.
 * https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/terraform-output.ts
 */
import util from 'node:util';

Object.assign(util, { isArray: Array.isArray });
