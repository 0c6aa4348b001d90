/** What is looked at once a month. */
import type { Check } from '../health/check.ts';
import { openPorts } from './open-ports.ts';
import { outsideAccess } from './outside-access.ts';
import { records } from './records.ts';
import { roles } from './roles.ts';
import { secretAge } from './secret-age.ts';
import { unusedServices } from './unused-services.ts';

export const reviewed: readonly Check[] = [...roles, unusedServices, outsideAccess, openPorts, secretAge, ...records];
