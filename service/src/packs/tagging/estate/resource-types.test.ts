import { taggableTypeNames } from '../../../../../contracts/packs/tagging.ts';
import { isFree, resourceTypeNames } from './resource-types.ts';

describe('the resource types', () => {
  it('are the 52 of the reference server, ten of them free, ids in lower case', () => {
    expect(resourceTypeNames).toHaveLength(52);
    expect(resourceTypeNames.filter(isFree)).toHaveLength(10);
    for (const type of resourceTypeNames) expect(type).toBe(type.toLowerCase());
  });

  it('include every type the contract says can be tagged, none of them free', () => {
    for (const type of taggableTypeNames) {
      expect(resourceTypeNames).toContain(type);
      expect(isFree(type)).toBe(false);
    }
  });
});
