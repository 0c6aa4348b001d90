/** All of them, in the order of the report: from the outside in. */
import type { Check } from '../check.ts';
import { anchors } from './anchors.ts';
import { surroundings } from './around.ts';
import { cutover } from './cutover.ts';
import { home, turned } from './home.ts';
import { maintenance } from './maintenance.ts';
import { outside } from './outside.ts';
import { left } from './owned.ts';
import { recipients } from './recipients.ts';
import { running } from './running.ts';
import { stores } from './stores.ts';
import { versions } from './versions.ts';

export const checks: readonly Check[] = [
  ...outside,
  maintenance,
  cutover,
  home,
  turned,
  ...running,
  ...left,
  versions,
  ...stores,
  ...surroundings,
  anchors,
  recipients,
];
