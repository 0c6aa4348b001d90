import { firstTypeNames, taggableTypeNames } from '../../../../../contracts/packs/tagging/types/index.ts';
import { isFree, resourceTypeNames } from './resource-types.ts';

describe('the resource types', () => {
  it('are the 52 of the reference server, ten of them free, ids in lower case', () => {
    expect(resourceTypeNames).toHaveLength(52);
    expect(resourceTypeNames.filter(isFree)).toHaveLength(10);
    for (const type of resourceTypeNames) expect(type).toBe(type.toLowerCase());
  });

  it('are those that the service can list, and none is free that is enabled where no type is chosen', () => {
    expect(taggableTypeNames.toSorted()).toEqual(resourceTypeNames.toSorted());
    expect(firstTypeNames.filter(isFree)).toEqual([]);
  });
});
