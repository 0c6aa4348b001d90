import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { tablesContract } from './tables-contract.ts';

describe('tables in memory', () => {
  tablesContract({ open: async (now) => openMemoryTables({ now }) });
});
