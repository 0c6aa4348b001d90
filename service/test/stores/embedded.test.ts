import { openEmbedded } from '../../src/stores/postgres/embedded.ts';
import { tablesContract } from './tables-contract.ts';

describe('tables on the embedded PostgreSQL', () => {
  tablesContract({ open: (now) => openEmbedded({ dataDir: undefined, now }) });
});
