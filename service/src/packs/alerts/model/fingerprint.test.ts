import { fingerprintOf } from './fingerprint.ts';
import { parseSeverity } from './severity.ts';

const linkDown = {
  source: 'alertmanager',
  name: 'LinkDown',
  site_code: 'MSH0031',
  element_type: 'TRANSMISSION',
  element_id: 'tx-7',
  labels: { alertname: 'LinkDown', vendor: 'acme', region: 'north', instance: 'tx-7', site_code: 'MSH0031' },
} as const;

describe('the fingerprint of an alert', () => {
  it('is the same whatever its severity, its value, the labels of Prometheus itself and their order', () => {
    const expected = 'c86284e2d65a82ed361d7073c69e880d';
    expect(fingerprintOf(linkDown)).toBe(expected);
    const others = { severity: 'warning', value: '7', __name__: 'up', element_type: 'TRANSMISSION' };
    expect(fingerprintOf({ ...linkDown, labels: { ...others, ...linkDown.labels } })).toBe(expected);
  });

  it('is another one for another label', () => {
    const labels = { ...linkDown.labels, vendor: 'other' };
    expect(fingerprintOf({ ...linkDown, labels })).not.toBe(fingerprintOf(linkDown));
  });
});

describe('the severity of a word', () => {
  it.each([
    ['critical', 5],
    ['P1', 5],
    ['Major', 4],
    ['high', 4],
    ['ERROR', 4],
    ['p2', 4],
    ['minor', 3],
    ['p3', 3],
    ['warning', 2],
    ['warn', 2],
    ['p4', 2],
    ['info', 1],
    ['p5', 1],
    ['clear', 0],
    ['ok', 0],
    ['4', 4],
  ] as const)('%s is %i', (word, severity) => {
    expect(parseSeverity(word)).toEqual({ severity, defaulted: false });
  });

  it.each([undefined, '', 'page', '6', '2.5'])('%s is 2 by default, and says so', (word) => {
    expect(parseSeverity(word)).toEqual({ severity: 2, defaulted: true });
  });
});
