export { type ApiKeyRow, type ApiKeyTable, createApiKeyTable } from './api-key-table.ts';
export { type AuditLog, createAuditLog, type StoredAuditRow } from './audit-log.ts';
export type { Database, Durability, MigrationStep, SqlValue, Statements, TransactionOptions } from './database.ts';
export { openPostgres, type PostgresOptions } from './postgres.ts';
export { openSqlite, type SqliteOptions } from './sqlite.ts';
export { createTaskTable, type TaskRow, type TaskStatus, type TaskTable } from './task-table.ts';
export { createWriteJournal, type JournalEntry, type WriteJournal } from './write-journal.ts';
