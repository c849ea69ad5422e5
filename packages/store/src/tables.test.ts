import { describe } from 'vitest';
import { openSqlite } from './sqlite.ts';
import { tablesContract } from './tables.contract.ts';

describe('tables on SQLite', () => tablesContract(async () => openSqlite({ file: ':memory:' })));
