import type { Database, SqlValue, Statements } from './database.ts';

export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** A long call that somebody may come back for. JSON fields are text; times are ISO instants unless they say otherwise. */
export interface TaskRow {
  id: string;
  server: string;
  /** Id of the principal who started it: nobody else may see it. */
  owner: string;
  /** The whole principal as JSON, to go on with after a restart. */
  principal: string;
  /** What the client said that it can do, as JSON, to go on with after a restart. */
  capabilities: string;
  tool: string;
  arguments: string;
  status: TaskStatus;
  statusMessage: string | null;
  /** The result, or the error of a failed task, as JSON once it has ended. */
  answer: string | null;
  /** What the client is asked and has not answered yet, as a JSON object by key. */
  questions: string;
  /** What the client has answered, as a JSON object by key. */
  responses: string;
  createdAt: string;
  updatedAt: string;
  /** Milliseconds since the epoch after which the row may be forgotten. */
  expiresAt: number;
  /** Milliseconds since the epoch until which a process says that it is working on it. */
  leaseUntil: number;
  /** How often a process has taken it over from one that was gone. */
  takeovers: number;
}

type Json = Readonly<Record<string, unknown>>;

export interface TaskTable {
  create(row: TaskRow): Promise<void>;
  find(id: string): Promise<TaskRow | undefined>;
  /** Ends a task that has not ended. Returns false when it has ended already. */
  settle(id: string, status: TaskStatus, answer: string | null, at: string): Promise<boolean>;
  /** Says how far a task is that has not ended. */
  describe(id: string, message: string, at: string): Promise<void>;
  /** Puts one more question to the client of a task that has not ended. */
  ask(id: string, key: string, question: Json, at: string): Promise<void>;
  /** Keeps the client's answers to questions that are open; others are ignored. The task goes on when none is left open. */
  respond(id: string, responses: Json, at: string): Promise<void>;
  /** Says that this process is still at it. Returns whether the task has not ended: somebody may have cancelled it. */
  keep(id: string, leaseUntil: number): Promise<boolean>;
  /** Takes over the server's tasks that have not ended and nobody is at any more. What they asked is forgotten: they begin anew. */
  adopt(server: string, now: number, leaseUntil: number): Promise<TaskRow[]>;
  /** Forgets tasks whose time is over. */
  expire(server: string, now: number): Promise<void>;
}

/** The fields of a row, each with its column. */
const COLUMNS: readonly (readonly [keyof TaskRow, string])[] = [
  ['id', 'id'],
  ['server', 'server'],
  ['owner', 'owner'],
  ['principal', 'principal'],
  ['capabilities', 'capabilities'],
  ['tool', 'tool'],
  ['arguments', 'arguments'],
  ['status', 'status'],
  ['statusMessage', 'status_message'],
  ['answer', 'answer'],
  ['questions', 'questions'],
  ['responses', 'responses'],
  ['createdAt', 'created_at'],
  ['updatedAt', 'updated_at'],
  ['expiresAt', 'expires_at'],
  ['leaseUntil', 'lease_until'],
  ['takeovers', 'takeovers'],
];

const SELECT = `SELECT ${COLUMNS.map(([field, column]) => `${column} AS "${field}"`).join(', ')} FROM tasks`;
const INSERT = `INSERT INTO tasks (${COLUMNS.map(([, column]) => column).join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;
const OPEN = `status IN ('working', 'input_required')`;

const MIGRATIONS = [
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
  {
    name: '002-questions',
    sql: [
      `ALTER TABLE tasks ADD COLUMN capabilities TEXT NOT NULL DEFAULT '{}'`,
      `ALTER TABLE tasks ADD COLUMN questions TEXT NOT NULL DEFAULT '{}'`,
      `ALTER TABLE tasks ADD COLUMN responses TEXT NOT NULL DEFAULT '{}'`,
      'ALTER TABLE tasks ADD COLUMN takeovers INTEGER NOT NULL DEFAULT 0',
    ],
  },
];

export async function createTaskTable(database: Database): Promise<TaskTable> {
  await database.migrate('tasks', MIGRATIONS);

  /** Reads what is open between server and client, and writes it anew, with nobody in between. */
  function converse(id: string, at: string, change: (open: Json, said: Json) => { questions: Json; responses: Json }): Promise<void> {
    return database.transaction(async (statements) => {
      const row = await findOpen(statements, id);
      if (row === undefined) return;
      const { questions, responses } = change(JSON.parse(row.questions) as Json, JSON.parse(row.responses) as Json);
      const status: TaskStatus = Object.keys(questions).length > 0 ? 'input_required' : 'working';
      const sql = 'UPDATE tasks SET questions = ?, responses = ?, status = ?, updated_at = ? WHERE id = ?';
      await statements.run(sql, [JSON.stringify(questions), JSON.stringify(responses), status, at, id]);
    });
  }

  return {
    async create(row) {
      await database.run(
        INSERT,
        COLUMNS.map(([field]): SqlValue => row[field]),
      );
    },
    find: (id) => database.get<TaskRow>(`${SELECT} WHERE id = ?`, [id]),
    async settle(id, status, answer, at) {
      const sql = `UPDATE tasks SET status = ?, answer = ?, questions = '{}', updated_at = ? WHERE id = ? AND ${OPEN}`;
      return (await database.run(sql, [status, answer, at, id])).changes > 0;
    },
    async describe(id, message, at) {
      await database.run(`UPDATE tasks SET status_message = ?, updated_at = ? WHERE id = ? AND ${OPEN}`, [message, at, id]);
    },
    ask: (id, key, question, at) =>
      converse(id, at, (questions, responses) => ({ questions: { ...questions, [key]: question }, responses })),
    respond: (id, given, at) =>
      converse(id, at, (questions, responses) => {
        const isAsked = ([key]: [string, unknown]) => Object.hasOwn(questions, key);
        const isLeft = ([key]: [string, unknown]) => !Object.hasOwn(given, key);
        return {
          questions: Object.fromEntries(Object.entries(questions).filter(isLeft)),
          responses: { ...responses, ...Object.fromEntries(Object.entries(given).filter(isAsked)) },
        };
      }),
    async keep(id, leaseUntil) {
      return (await database.run(`UPDATE tasks SET lease_until = ? WHERE id = ? AND ${OPEN}`, [leaseUntil, id])).changes > 0;
    },
    adopt(server, now, leaseUntil) {
      return database.transaction(async (statements) => {
        const rows = await statements.all<TaskRow>(`${SELECT} WHERE server = ? AND ${OPEN} AND lease_until < ?`, [server, now]);
        const sql = `UPDATE tasks SET lease_until = ?, takeovers = takeovers + 1, status = 'working', questions = '{}', responses = '{}' WHERE id = ?`;
        for (const { id } of rows) await statements.run(sql, [leaseUntil, id]);
        return rows;
      });
    },
    async expire(server, now) {
      await database.run('DELETE FROM tasks WHERE server = ? AND expires_at < ?', [server, now]);
    },
  };
}

function findOpen(statements: Statements, id: string): Promise<TaskRow | undefined> {
  return statements.get<TaskRow>(`${SELECT} WHERE id = ? AND ${OPEN}`, [id]);
}
