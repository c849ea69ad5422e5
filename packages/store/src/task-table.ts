import type { Database } from './database.ts';

export type TaskStatus = 'working' | 'completed' | 'failed' | 'cancelled';

/** A long call that somebody may come back for. JSON fields are text; times are ISO instants unless they say otherwise. */
export interface TaskRow {
  id: string;
  server: string;
  /** Id of the principal who started it: nobody else may see it. */
  owner: string;
  /** The whole principal as JSON, to go on with after a restart. */
  principal: string;
  tool: string;
  arguments: string;
  status: TaskStatus;
  statusMessage: string | null;
  /** The result, or the error of a failed task, as JSON once it has ended. */
  answer: string | null;
  createdAt: string;
  updatedAt: string;
  /** Milliseconds since the epoch after which the row may be forgotten. */
  expiresAt: number;
  /** Milliseconds since the epoch until which a process says that it is working on it. */
  leaseUntil: number;
}

export interface TaskTable {
  create(row: TaskRow): Promise<void>;
  find(id: string): Promise<TaskRow | undefined>;
  /** Ends a task that is still working. Returns false when it has ended already. */
  settle(id: string, status: TaskStatus, answer: string | null, at: string): Promise<boolean>;
  /** Says how far a working task is. */
  describe(id: string, message: string, at: string): Promise<void>;
  /** Says that this process is still at it. Returns whether the task is still working: somebody may have cancelled it. */
  keep(id: string, leaseUntil: number): Promise<boolean>;
  /** Takes over the server's working tasks that nobody is at any more. */
  adopt(server: string, now: number, leaseUntil: number): Promise<TaskRow[]>;
  /** Forgets tasks whose time is over. */
  expire(server: string, now: number): Promise<void>;
}

const COLUMNS = `id, server, owner, principal, tool, arguments, status, status_message AS "statusMessage", answer,
  created_at AS "createdAt", updated_at AS "updatedAt", expires_at AS "expiresAt", lease_until AS "leaseUntil"`;

export async function createTaskTable(database: Database): Promise<TaskTable> {
  await database.migrate('tasks', [
    {
      name: '001-tasks',
      sql: [
        `CREATE TABLE tasks (
          id TEXT PRIMARY KEY, server TEXT NOT NULL, owner TEXT NOT NULL, principal TEXT NOT NULL, tool TEXT NOT NULL,
          arguments TEXT NOT NULL, status TEXT NOT NULL, status_message TEXT, answer TEXT, created_at TEXT NOT NULL,
          updated_at TEXT NOT NULL, expires_at INTEGER NOT NULL, lease_until INTEGER NOT NULL)`,
        'CREATE INDEX tasks_by_server ON tasks (server, status)',
      ],
    },
  ]);
  return {
    async create(row) {
      await database.run(
        `INSERT INTO tasks (id, server, owner, principal, tool, arguments, status, status_message, answer, created_at, updated_at, expires_at, lease_until)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          row.id,
          row.server,
          row.owner,
          row.principal,
          row.tool,
          row.arguments,
          row.status,
          row.statusMessage,
          row.answer,
          row.createdAt,
          row.updatedAt,
          row.expiresAt,
          row.leaseUntil,
        ],
      );
    },
    find: (id) => database.get<TaskRow>(`SELECT ${COLUMNS} FROM tasks WHERE id = ?`, [id]),
    async settle(id, status, answer, at) {
      const sql = `UPDATE tasks SET status = ?, answer = ?, updated_at = ? WHERE id = ? AND status = 'working'`;
      return (await database.run(sql, [status, answer, at, id])).changes > 0;
    },
    async describe(id, message, at) {
      await database.run(`UPDATE tasks SET status_message = ?, updated_at = ? WHERE id = ? AND status = 'working'`, [message, at, id]);
    },
    async keep(id, leaseUntil) {
      return (await database.run(`UPDATE tasks SET lease_until = ? WHERE id = ? AND status = 'working'`, [leaseUntil, id])).changes > 0;
    },
    adopt(server, now, leaseUntil) {
      return database.transaction(async (statements) => {
        const rows = await statements.all<TaskRow>(
          `SELECT ${COLUMNS} FROM tasks WHERE server = ? AND status = 'working' AND lease_until < ?`,
          [server, now],
        );
        for (const { id } of rows) await statements.run('UPDATE tasks SET lease_until = ? WHERE id = ?', [leaseUntil, id]);
        return rows;
      });
    },
    async expire(server, now) {
      await database.run('DELETE FROM tasks WHERE server = ? AND expires_at < ?', [server, now]);
    },
  };
}
