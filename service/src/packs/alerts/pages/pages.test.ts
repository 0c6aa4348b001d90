import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';

const begun = new Date('2026-05-08T09:00:00.000Z');

describe('the pages of alerts, on the sandbox’s power failure', () => {
  let pack: OnePack;
  beforeAll(async () => {
    pack = await openOnePack('alerts', {}, [], () => begun);
  });
  afterAll(() => pack.close());

  const shown = async (path: string, query: Record<string, string> = {}): Promise<string> =>
    String((await pack.show(path, query)).main);
  /** An open alert of the story. */
  const idOf = async (site: string, name: string): Promise<string> => {
    const found = await pack.call('list_alerts', { site_code: site, matchers: [{ name: 'name', value: name }] });
    const [first] = found.alerts as readonly { readonly alert_id: string }[];
    if (first === undefined) throw new Error(`${name} is not open at ${site}`);
    return first.alert_id;
  };

  it('show each site with the status and the health that the tool tells', async () => {
    const board = await shown('/network');
    const network = await pack.call('generate_site_health_dashboard', { worst_n: 20 });
    const worst = network.worst as readonly { readonly site_code: string; readonly health: number }[];
    expect(worst.map(({ site_code }) => site_code)).toContain('CZA0021');
    for (const { site_code, health } of worst) {
      expect(board).toContain(`<bdi>${site_code}</bdi>`);
      expect(board).toContain(`<span class="number">${health.toFixed(1)}</span>`);
    }
    expect(board.indexOf('CZA0021')).toBeLessThan(board.indexOf('PRT0090'));
    expect(await shown('/network', { status: 'DOWN' })).not.toContain('PRT0090');
  });

  it('show the alerts that fit the filters', async () => {
    const open = await shown('/alerts');
    expect(open).toContain('MainsFailure');
    expect(open).not.toContain('Resolved</span>');
    expect(open.indexOf('MainsFailure')).toBeLessThan(open.indexOf('LinkDown'));
    const marsh = await shown('/alerts', { site: 'MSH0031', severity: '5' });
    expect(marsh).toContain('CellOut');
    expect(marsh).not.toMatch(/MainsFailure|LinkDown/);
    expect(await shown('/alerts', { status: 'resolved' })).toContain('HighTemperature');
  });

  it('let somebody acknowledge and note at once, and tell what was refused with what was typed', async () => {
    const alertId = await idOf('CZA0021', 'MainsFailure');
    const act = (fields: Record<string, string>) => pack.send('/alerts/:alertId', fields, { alertId });
    expect(await act({ act: 'acknowledge', minutes: '60', text: 'The generator is on its way' })).toEqual({
      redirect: `/alerts/${alertId}`,
    });
    const alert = String((await pack.show('/alerts/:alertId', {}, 'requester', { alertId })).main);
    expect(alert).toContain('Acknowledged');
    expect(alert).toContain('The generator is on its way');
    expect(alert).toContain('name="act" value="resolve"');
    const refused = await act({ act: 'resolve', text: '' });
    expect(refused).toMatchObject({ status: 400 });
    expect(String('main' in refused && refused.main)).toContain('role="alert"');
  });

  it('ask for a silence, and show it with who and why once it was approved', async () => {
    const terms = {
      matchers: 'site_code=CZA0021\nname=~Cell.*',
      minutes: '60',
      kind: 'maintenance',
      comment: 'New cabinet',
    };
    const asked = await pack.send('/silences', terms);
    const [, operationId] =
      /^\/approvals\/([^?]+)\?planned=change$/.exec('redirect' in asked ? asked.redirect : '') ?? [];
    expect(await shown('/silences')).toContain('Nothing is silenced.');
    await pack.approve(await pack.find(operationId ?? ''));
    const page = await shown('/silences');
    expect(page).toContain('New cabinet');
    expect(page).toContain('3 alerts');
    const alertId = await idOf('CZA0021', 'CellOut');
    expect(String((await pack.show('/alerts/:alertId', {}, 'requester', { alertId })).main)).toContain(
      'silenced it, because',
    );
  });

  it('refuse a condition that is none, and keep the form', async () => {
    const refused = await pack.send('/silences', {
      matchers: 'everything',
      minutes: '60',
      kind: 'noise',
      comment: 'x',
    });
    expect(refused).toMatchObject({ status: 400 });
    expect(String('main' in refused && refused.main)).toMatch(
      /write everything as label=value[\s\S]*\neverything<\/textarea>/,
    );
  });

  it('say where an alert would go', async () => {
    expect(await shown('/alert-routing')).toContain('Nobody has set a tree yet');
    expect(await shown('/alert-routing', { labels: 'severity=5' })).toContain('It reaches default');
    expect(await shown('/alert-routing', { labels: 'severity' })).toContain('write severity as label=value');
  });

  it('draw clusters, pairs and root causes with the figures that the tools tell', async () => {
    const page = await shown('/alert-analysis', { days: '7' });
    const { patterns } = (await pack.call('analyze_root_cause_patterns', {})) as {
      readonly patterns: readonly { readonly name: string; readonly score: number }[];
    };
    expect(patterns.map(({ name }) => name).slice(0, 2)).toEqual(['MainsFailure', 'LinkDown']);
    for (const { name, score } of patterns)
      expect(page).toMatch(new RegExp(`<bdi>${name}</bdi>[\\s\\S]*?<strong>${score.toFixed(2)}</strong>`));
    expect(page).toContain(`<rect class="share" width="${patterns[0]?.score}" height="10"/>`);
    expect(page).toMatch(
      /BatteryLow<[\s\S]*?together in 4 clusters, of 4 with the one and 4 with the other; 15\.0 times[\s\S]*?MainsFailure<\/bdi>[^.]*usually comes first, by 12 minutes/,
    );
    expect(page).toMatch(/<bdi>CZA0021<\/bdi> and <bdi>MSH0031<\/bdi>: together in 6 spans of 45 minutes/);
    const cza = await pack.call('analyze_site_patterns', { site_code: 'CZA0021' });
    expect(page).toMatch(
      new RegExp(
        `<bdi>CZA0021</bdi>[\\s\\S]*?<rect class="grave"[\\s\\S]*?${cza.clusters_significant} clusters, [\\d]+ alarms, the worst Critical`,
      ),
    );
  });

  it('analyse only the sites that were chosen, and refuse what is no site', async () => {
    const port = await shown('/alert-analysis', { sites: 'brg0007, OAK0012', days: '7' });
    expect(port).toContain('sites=BRG0007');
    expect(port).not.toMatch(/CZA0021|MSH0031/);
    const wrong = await pack.show('/alert-analysis', { sites: '<b>', days: '7' });
    expect(wrong).toMatchObject({ status: 400 });
    expect(String(wrong.main)).toContain('Sites: &lt;B&gt; is no code of a site');
    expect(await shown('/alert-analysis', { sites: 'NOWHERE1' })).toContain('No alarm came in these days.');
  });
});

it('the network board moves the time of the sandbox until the power is back', async () => {
  const pack = await openOnePack('alerts', {}, [], () => begun);
  try {
    const open = async () => String((await pack.show('/alerts', { site: 'CZA0021' })).main);
    expect(await open()).toContain('MainsFailure');
    expect(await pack.send('/network/time', { minutes: '360' })).toEqual({ redirect: '/network' });
    expect(await open()).not.toContain('MainsFailure');
  } finally {
    await pack.close();
  }
});
