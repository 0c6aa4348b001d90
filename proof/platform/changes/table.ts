/** Every kind of change that somebody makes to what stands, in the order of docs/changes.md. */

import { computeChanges } from './rows-compute.ts';
import { dataChanges } from './rows-data.ts';
import { ingressChanges } from './rows-ingress.ts';
import { networkChanges } from './rows-network.ts';
import { operationsChanges } from './rows-operations.ts';

/** Sections of the page. */
export const changeSections = [
  { title: 'Network', rows: networkChanges },
  { title: 'Compute', rows: computeChanges },
  { title: 'Ingress', rows: ingressChanges },
  { title: 'State, secrets, people', rows: dataChanges },
  { title: 'Operations', rows: operationsChanges },
] as const;

export const changeRows = changeSections.flatMap(({ rows }) => rows);
