import type { Attack } from './attack.ts';
import { crowd } from './crowd.ts';
import { hostileClient } from './hostile.ts';
import { killed } from './killed.ts';
import { obedientAgent } from './obedient.ts';
import { stoppedProcess } from './stopped.ts';
import { databaseWriter } from './writer.ts';

export const attacks: readonly Attack[] = [obedientAgent, hostileClient, crowd, stoppedProcess, killed, databaseWriter];
