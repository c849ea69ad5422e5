import { describe } from 'vitest';
import { openSqlite } from './sqlite.ts';
import { tablesContract } from './tables.contract.ts';

describe('tables in SQLite', () => tablesContract(async () => openSqlite({ file: ':memory:' })));
