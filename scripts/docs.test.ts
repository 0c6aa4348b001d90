import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { variableNames } from '../contracts/environment.ts';
import { metrics } from '../contracts/metrics.ts';
import { settingNames } from '../contracts/settings/index.ts';
import { openMetrics } from '../service/src/telemetry/metrics.ts';
import { generated } from './docs.ts';

const files = await generated();

describe('generated files', () => {
  it.each([...files])('%s is what `npm run docs` writes', async (file, text) => {
    expect(await readFile(resolve(import.meta.dirname, '..', file), 'utf8')).toBe(text);
  });
});

describe('the configuration reference', () => {
  it('has every variable once, in the order of the contract', () => {
    const text = files.get('docs/configuration.md') ?? '';
    const rows = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual(variableNames);
  });
});

describe('the settings reference', () => {
  const text = files.get('docs/settings.md') ?? '';
  const row = (name: string) => text.split('\n').find((line) => line.startsWith(`| \`${name}\``));

  it('has every setting once, in the order of the contract', () => {
    expect([...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(settingNames);
  });

  it('tells type, default, bounds and unit', () => {
    expect(row('task_cpu')).toMatch(/\| number \| .* \| `512` \| 256 to 16384 CPU units, 1024 a vCPU \|$/);
    expect(row('project_name')).toMatch(/\| text \| .* \| \*\*required\*\* \| `"countersign"` \|$/);
    expect(row('waf')).toMatch(/\| choice \| .* \| `"off"` \| `"off"`, `"basic"`, `"full"` \|$/);
    expect(row('vpc_cidr')).toContain('*Regional.*');
  });
});

describe('the dashboard', () => {
  interface Panel {
    readonly targets: readonly { readonly expr: string }[];
  }
  const text = files.get('docs/compose/grafana/dashboards/countersign.json') ?? '';
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
