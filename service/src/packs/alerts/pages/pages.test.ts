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

  it('move the time of the sandbox until the power is back', async () => {
    expect(await pack.send('/network/time', { minutes: '360' })).toEqual({ redirect: '/network' });
    const open = await shown('/alerts', { site: 'CZA0021' });
    expect(open).not.toContain('MainsFailure');
  });
});
