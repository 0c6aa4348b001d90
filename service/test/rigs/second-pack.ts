/**
 * A second pack, put into the registry of the contract before anything derives from it: import this file first, and for its
 * effect. Jest gives each test file modules of its own, so no other test knows of it.
 */
import { type PackName, packNames, packs, tools } from '../../../contracts/packs/index.ts';
import { definePack } from '../../../contracts/packs/pack.ts';

export const rockets = definePack({
  title: 'Rockets',
  description: 'Rockets of the team.',
  scopes: {
    'rockets:read': { description: 'See rockets', implies: ['operations:read'], elevated: false },
    'rockets:launch': {
      description: 'Ask for launches',
      implies: ['rockets:read', 'operations:write'],
      elevated: true,
    },
    'rockets:approve': { description: 'Countersign launches', implies: ['rockets:read'], elevated: true },
  },
  roles: { viewer: ['rockets:read'], analyst: ['rockets:launch'], approver: ['rockets:approve'] },
  tools: {
    list_rockets: { kind: 'query', scope: 'rockets:read', actions: [] },
    launch_rocket: {
      kind: 'change',
      scope: 'rockets:launch',
      read: 'rockets:read',
      approve: 'rockets:approve',
      actions: [],
    },
  },
});

Object.assign(packs, { rockets });
Object.assign(tools, rockets.tools);
packNames.push('rockets' as PackName);
