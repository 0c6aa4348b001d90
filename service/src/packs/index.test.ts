import { readdirSync } from 'node:fs';
import { packNames } from '../../../contracts/packs/index.ts';
import { openers } from './index.ts';

const here = import.meta.dirname;

it('every folder of a pack is registered in the service and in the contract', () => {
  const folders = readdirSync(here, { withFileTypes: true })
    .filter((found) => found.isDirectory() && found.name !== 'core')
    .map(({ name }) => name);
  expect(folders.toSorted()).toEqual(Object.keys(openers).toSorted());
  expect(folders.toSorted()).toEqual(packNames.toSorted());
});

it('every contract of a pack is registered', () => {
  const parts = new Set(['core', 'index', 'pack']);
  const contracts = readdirSync(`${here}/../../../contracts/packs`)
    .filter((name) => /^[^.]+[.]ts$/.test(name))
    .map((name) => name.slice(0, -'.ts'.length))
    .filter((name) => !parts.has(name));
  expect(contracts.toSorted()).toEqual(packNames.toSorted());
});
