import { environmentSections, variableNames } from './environment.ts';

it('shows each variable in one section of the reference, in the order in which it is declared', () => {
  expect(environmentSections.flatMap(({ variables }) => variables)).toEqual(variableNames);
});
