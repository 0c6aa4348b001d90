import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { environmentSections, variableNames } from '../contracts/environment.ts';
import { metrics } from '../contracts/metrics.ts';
import { openMetrics } from '../service/src/telemetry/metrics.ts';
import { generated } from './docs.ts';

describe('generated files', () => {
  it.each([...generated()])('%s is what `npm run docs` writes', async (file, text) => {
    expect(await readFile(resolve(import.meta.dirname, '..', file), 'utf8')).toBe(text);
  });
});

describe('the configuration reference', () => {
  it('has every variable once, in the order of the contract', () => {
    const text = generated().get('docs/configuration.md') ?? '';
    const rows = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual(variableNames);
    const firsts = environmentSections.map((section) => variableNames.indexOf(section.first));
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
    expect(firsts[0]).toBe(0);
  });
});

describe('the dashboard', () => {
  interface Panel {
    readonly targets: readonly { readonly expr: string }[];
  }
  const text = generated().get('docs/compose/grafana/dashboards/countersign.json') ?? '';
  const { panels } = JSON.parse(text) as { panels: readonly Panel[] };

  it('asks only for series that the service exposes, and for all of the contract’s', async () => {
    const exposed = await openMetrics({ format: 'none' }).prometheus();
    const families = new Map(
      [...exposed.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind]) => [name, kind]),
    );
    const asked = panels.flatMap(({ targets }) =>
      targets.map(({ expr }) => /\b((?:countersign|process|nodejs)_\w+)/.exec(expr)?.[1] ?? expr),
    );
    const unknown = asked.filter(
      (name) => !families.has(name) && families.get(name.replace(/_bucket$/, '')) !== 'histogram',
    );
    expect(unknown).toEqual([]);
    expect(new Set(asked.filter((name) => name.startsWith('countersign_'))).size).toBe(Object.keys(metrics).length);
  });
});
