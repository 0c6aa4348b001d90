import { startPack } from '../../../../test/estate/pack.ts';
import { resolveExtent } from './extent.ts';

it('a type that AWS has no tags for is said not to be judged, and is no question by itself', async () => {
  const { estate, settings } = (await startPack()).parts;
  const enabled = { ...estate, types: () => ['glue:table', 'kms:key'] as const };
  const { assumed } = await resolveExtent({ resource_types: ['glue:table', 'kms:key'] }, enabled, settings);
  expect(assumed).toContainEqual({
    parameter: 'resource_types',
    assumed: 'glue:table not judged',
    because: 'AWS has no tags for it',
  });
  await expect(resolveExtent({ resource_types: ['glue:table'] }, enabled, settings)).rejects.toThrow(
    'resource_types: AWS has no tags for glue:table. Name a type that has some.',
  );
});
