/** How a test makes a resource of a type in moto, without tags. */
import type { TaggableType } from '../../../../contracts/packs/tagging.ts';
import type { configFor } from '../moto-cloud.ts';

export type MotoConfig = Awaited<ReturnType<typeof configFor>>;
export type Makers = Readonly<Partial<Record<TaggableType, (config: MotoConfig) => Promise<unknown>>>>;
