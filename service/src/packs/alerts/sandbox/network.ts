/** The sandbox's network: sites, what stands on each, and which site gets its link and its power over which. */
import type { ElementType } from '../model/element.ts';

export interface SandboxSite {
  readonly code: string;
  readonly town: string;
  /** The site over which its link leads. Undefined: straight to the core. */
  readonly over?: string;
  readonly cells: number;
}

/** Their power failures take the sites behind them down too. */
export const firstHub: SandboxSite = { code: 'CZA0021', town: 'Cazelle', cells: 3 };
export const otherHub: SandboxSite = { code: 'BRG0007', town: 'Bridge', cells: 3 };
/** One of its cells flaps. */
export const restless: SandboxSite = { code: 'HRE0042', town: 'Harrow End', over: firstHub.code, cells: 2 };

export const sandboxSites: readonly [SandboxSite, ...SandboxSite[]] = [
  firstHub,
  { code: 'MSH0031', town: 'Marsh', over: firstHub.code, cells: 3 },
  restless,
  otherHub,
  { code: 'OAK0012', town: 'Oakfield', over: otherHub.code, cells: 2 },
  { code: 'TWR0003', town: 'Tower Hill', over: otherHub.code, cells: 3 },
  { code: 'LKE0055', town: 'Lakeside', over: otherHub.code, cells: 2 },
  { code: 'PRT0090', town: 'Port', cells: 3 },
];

export const sitesBehind = (code: string): readonly SandboxSite[] => sandboxSites.filter(({ over }) => over === code);

/** One alarm of the story, from when it began to when it ends. */
export interface StoryAlarm {
  readonly site: SandboxSite;
  readonly element: ElementType;
  readonly instance: string;
  readonly name: string;
  readonly severity: 'critical' | 'major' | 'minor' | 'warning';
  readonly description: string;
  readonly start: number;
  readonly end: number;
}

const lower = (code: string): string => code.toLowerCase();
export const powerOf = ({ code }: SandboxSite): string => `pwr-${lower(code)}`;
export const linkOf = ({ code }: SandboxSite): string => `tx-${lower(code)}`;
export const cellOf = ({ code }: SandboxSite, number: number): string => `cell-${lower(code)}-${number}`;
