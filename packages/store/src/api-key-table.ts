import type { Database } from './database.ts';

/** A stored API key: never the key itself, only the SHA-256 of its secret. Times are ISO instants. */
export interface ApiKeyRow {
  id: string;
  name: string;
  secretHash: string;
  /** Separated by spaces. */
  scopes: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

export interface ApiKeyTable {
  /** Adds the key unless `max` keys of its name are neither revoked nor expired at `createdAt`. Returns whether it was added. */
  add(row: ApiKeyRow, max: number): Promise<boolean>;
  find(id: string): Promise<ApiKeyRow | undefined>;
  list(): Promise<ApiKeyRow[]>;
  /** Returns false when there is no such key. A second revocation keeps the time of the first. */
  revoke(id: string, at: string): Promise<boolean>;
}

const COLUMNS = `id, name, secret_hash AS "secretHash", scopes, created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"`;

export async function createApiKeyTable(database: Database): Promise<ApiKeyTable> {
  await database.migrate('api-keys', [
    {
      name: '001-keys',
      sql: [
        `CREATE TABLE api_keys (
          id TEXT PRIMARY KEY, name TEXT NOT NULL, secret_hash TEXT NOT NULL, scopes TEXT NOT NULL,
          created_at TEXT NOT NULL, expires_at TEXT, revoked_at TEXT)`,
      ],
    },
  ]);
  return {
    add(row, max) {
      return database.transaction(async (statements) => {
        const active = await statements.get<{ count: number }>(
          `SELECT COUNT(*) AS count FROM api_keys
           WHERE name = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)`,
          [row.name, row.createdAt],
        );
        if (Number(active?.count ?? 0) >= max) return false;
        await statements.run(
          'INSERT INTO api_keys (id, name, secret_hash, scopes, created_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
          [row.id, row.name, row.secretHash, row.scopes, row.createdAt, row.expiresAt, row.revokedAt],
        );
        return true;
      });
    },
    find(id) {
      return database.get<ApiKeyRow>(`SELECT ${COLUMNS} FROM api_keys WHERE id = ?`, [id]);
    },
    list() {
      return database.all<ApiKeyRow>(`SELECT ${COLUMNS} FROM api_keys ORDER BY created_at, id`);
    },
    async revoke(id, at) {
      const { changes } = await database.run('UPDATE api_keys SET revoked_at = COALESCE(revoked_at, ?) WHERE id = ?', [at, id]);
      return changes > 0;
    },
  };
}
