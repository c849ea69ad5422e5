import type { Database, SqlValue, Statements } from './database.ts';

export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** A long-running call that outlives its request. JSON fields are text; times are ISO instants unless stated otherwise. */
export interface TaskRow {
  id: string;
  server: string;
  /** Id of the principal who started it; no other principal may see it. */
  owner: string;
  /** The whole principal as JSON, so that another process can resume the task. */
  principal: string;
  /** The client's declared capabilities as JSON, so that another process can resume the task. */
  capabilities: string;
  tool: string;
  arguments: string;
  status: TaskStatus;
  statusMessage: string | null;
  /** The result of a completed task or the error of a failed one, as JSON; null until then. */
  answer: string | null;
  /** Questions that the client has not answered yet, as a JSON object by key. */
  questions: string;
  /** The client's answers, as a JSON object by key. */
  responses: string;
  createdAt: string;
  updatedAt: string;
  /** Milliseconds since the epoch after which the row may be deleted. */
  expiresAt: number;
  /** Milliseconds since the epoch until which a process claims to be running the task. */
  leaseUntil: number;
  /** How often a process has reclaimed the task after another one died. */
  reclaims: number;
}

type Json = Readonly<Record<string, unknown>>;

export interface TaskTable {
  create(row: TaskRow): Promise<void>;
  find(id: string): Promise<TaskRow | undefined>;
  /** Ends a task. Of several calls exactly one returns true; the others change nothing. */
  end(id: string, status: TaskStatus, answer: string | null, at: string): Promise<boolean>;
  /** Sets the progress message of a task that has not ended. */
  setStatusMessage(id: string, message: string, at: string): Promise<void>;
  /** Adds a question for the client to a task that has not ended. */
  addQuestion(id: string, key: string, question: Json, at: string): Promise<void>;
  /** Stores the client's answers to open questions and ignores the rest. The task continues once no question is open. */
  addResponses(id: string, responses: Json, at: string): Promise<void>;
  /** Extends this process's claim on a task. Returns false when the task has ended, for example because it was cancelled. */
  renewLease(id: string, leaseUntil: number): Promise<boolean>;
  /** Claims the server's unfinished tasks whose lease has run out. Their open questions are dropped, because they start again. */
  reclaimOrphaned(server: string, now: number, leaseUntil: number): Promise<TaskRow[]>;
  /** Deletes tasks that have expired. */
  deleteExpired(server: string, now: number): Promise<void>;
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
  ['reclaims', 'reclaims'],
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
  { name: '003-reclaims', sql: ['ALTER TABLE tasks RENAME COLUMN takeovers TO reclaims'] },
];

export async function createTaskTable(database: Database): Promise<TaskTable> {
  await database.migrate('tasks', MIGRATIONS);
  return {
    async create(row) {
      await database.run(
        INSERT,
        COLUMNS.map(([field]): SqlValue => row[field]),
      );
    },
    find: (id) => database.get<TaskRow>(`${SELECT} WHERE id = ?`, [id]),
    async end(id, status, answer, at) {
      const sql = `UPDATE tasks SET status = ?, answer = ?, questions = '{}', updated_at = ? WHERE id = ? AND ${OPEN}`;
      return (await database.run(sql, [status, answer, at, id])).changes > 0;
    },
    async setStatusMessage(id, message, at) {
      await database.run(`UPDATE tasks SET status_message = ?, updated_at = ? WHERE id = ? AND ${OPEN}`, [message, at, id]);
    },
    addQuestion: (id, key, question, at) =>
      updateQuestions(database, { id, at }, (asked) => ({ ...asked, questions: { ...asked.questions, [key]: question } })),
    addResponses: (id, given, at) => updateQuestions(database, { id, at }, (asked) => withResponses(asked, given)),
    async renewLease(id, leaseUntil) {
      return (await database.run(`UPDATE tasks SET lease_until = ? WHERE id = ? AND ${OPEN}`, [leaseUntil, id])).changes > 0;
    },
    reclaimOrphaned(server, now, leaseUntil) {
      return database.transaction(async (statements) => {
        const rows = await statements.all<TaskRow>(`${SELECT} WHERE server = ? AND ${OPEN} AND lease_until < ?`, [server, now]);
        const sql = `UPDATE tasks SET lease_until = ?, reclaims = reclaims + 1, status = 'working', questions = '{}', responses = '{}' WHERE id = ?`;
        for (const { id } of rows) await statements.run(sql, [leaseUntil, id]);
        return rows;
      });
    },
    async deleteExpired(server, now) {
      await database.run('DELETE FROM tasks WHERE server = ? AND expires_at < ?', [server, now]);
    },
  };
}

function findOpen(statements: Statements, id: string): Promise<TaskRow | undefined> {
  return statements.get<TaskRow>(`${SELECT} WHERE id = ? AND ${OPEN}`, [id]);
}

/** A task's questions to the client and the client's answers, by key. */
interface Asked {
  questions: Json;
  responses: Json;
}

function updateQuestions(database: Database, { id, at }: { id: string; at: string }, change: (asked: Asked) => Asked): Promise<void> {
  return database.transaction(async (statements) => {
    const row = await findOpen(statements, id);
    if (row === undefined) return;
    const { questions, responses } = change({ questions: JSON.parse(row.questions) as Json, responses: JSON.parse(row.responses) as Json });
    const status: TaskStatus = Object.keys(questions).length > 0 ? 'input_required' : 'working';
    const sql = 'UPDATE tasks SET questions = ?, responses = ?, status = ?, updated_at = ? WHERE id = ?';
    await statements.run(sql, [JSON.stringify(questions), JSON.stringify(responses), status, at, id]);
  });
}

/** Moves answered questions to the responses. What was not asked is ignored. */
function withResponses({ questions, responses }: Asked, given: Json): Asked {
  const isAsked = ([key]: [string, unknown]) => Object.hasOwn(questions, key);
  const isOpen = ([key]: [string, unknown]) => !Object.hasOwn(given, key);
  return {
    questions: Object.fromEntries(Object.entries(questions).filter(isOpen)),
    responses: { ...responses, ...Object.fromEntries(Object.entries(given).filter(isAsked)) },
  };
}
