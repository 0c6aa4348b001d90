/** The types of which the sandbox has resources. */
import { firstTypeNames } from '../../../../../contracts/packs/tagging/types/index.ts';

export const sandboxTypes = firstTypeNames;
export type SandboxType = (typeof sandboxTypes)[number];
