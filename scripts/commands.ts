/** Every command of an operator, in the order in which somebody meets them. */
import { auditVerify } from './audit-verify.ts';
import { bootstrap } from './bootstrap.ts';
import { cost } from './cost.ts';
import { deploy } from './deploy.ts';
import { destroy } from './destroy.ts';
import { doctor } from './doctor.ts';
import { drift } from './drift.ts';
import { emulate } from './emulate.ts';
import { environments } from './environments.ts';
import { image } from './image.ts';
import { plan } from './plan.ts';
import type { Described } from './platform/described.ts';
import { scale } from './scale.ts';
import { secrets } from './secrets.ts';
import { synth } from './synth.ts';

export const commands: readonly Described[] = [
  environments,
  emulate,
  cost,
  synth,
  bootstrap,
  image,
  secrets,
  plan,
  deploy,
  doctor,
  drift,
  scale,
  destroy,
  auditVerify,
];
