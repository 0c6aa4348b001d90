import { firstTypeNames, taggableTypeNames } from '../../../../../contracts/packs/tagging/types/index.ts';
import { isFree, resourceTypeNames } from './resource-types.ts';

describe('the resource types', () => {
  it('are the 52 of the reference server, ten of them free, ids in lower case', () => {
    expect(resourceTypeNames).toHaveLength(52);
    expect(resourceTypeNames.filter(isFree)).toHaveLength(10);
    for (const type of resourceTypeNames) expect(type).toBe(type.toLowerCase());
  });

  it('include every type of the contract, and none is free that is enabled where no type is chosen', () => {
    expect(resourceTypeNames).toEqual(expect.arrayContaining([...taggableTypeNames]));
    expect(firstTypeNames.filter(isFree)).toEqual([]);
  });
});
