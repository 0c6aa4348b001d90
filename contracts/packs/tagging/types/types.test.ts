import { merged } from '../../index.ts';
import { enabledTypes, firstTypeNames, taggableTypeNames } from './index.ts';

const { ESTATE_TYPES } = merged('variables');
const parsed = (text: string | undefined) => ESTATE_TYPES.schema.safeParse(text);

describe('the types that an environment enables', () => {
  it('are the first ones where none is chosen, also by an empty text', () => {
    for (const text of [undefined, '', ' , ']) expect(parsed(text).data).toEqual(firstTypeNames);
    expect(firstTypeNames).toHaveLength(7);
  });

  it('are those that are chosen, each once, in the order of the table', () => {
    expect(parsed('ec2:volume, ec2:instance,ec2:volume').data).toEqual(['ec2:instance', 'ec2:volume']);
  });

  it('are all of them by one word, whatever stands beside it', () => {
    expect(parsed('all').data).toEqual(taggableTypeNames);
    expect(enabledTypes(['ec2:volume', 'all'])).toEqual(taggableTypeNames);
  });

  it('are refused by name where there is no such type', () => {
    expect(parsed('ec2:instances').error?.issues[0]?.message).toBe(
      'must be a resource type such as dynamodb:table, or all',
    );
  });
});
