import { nearest } from './nearest.ts';

const environments = ['dev', 'examples/alerts/prod', 'examples/alerts/staging', 'prod', 'staging'];

describe('the word that was meant', () => {
  it.each([
    ['dve', 'dev'],
    ['DEV', 'dev'],
    ['develop', 'dev'],
    ['stagin', 'staging'],
    ['stag', 'staging'],
    ['production', 'prod'],
    ['alerts/prod', 'examples/alerts/prod'],
    ['example/alerts/prod', 'examples/alerts/prod'],
  ])('%s stands for %s', (word, meant) => {
    expect(nearest(word, environments)).toBe(meant);
  });

  it.each(['qa', 'x', '', 'luck', 'nothing-alike'])('none is near %j', (word) => {
    expect(nearest(word, environments)).toBeUndefined();
  });
});
