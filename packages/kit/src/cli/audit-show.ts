import type { AuditLog, StoredAuditRow } from '@fairway-mcp/store';
import { UsageError } from '../protocol/errors.ts';

/** Which rows of the audit trail are shown. */
export interface Wanted {
  since: number | undefined;
  principal: string | undefined;
  tool: string | undefined;
  /** The last ones of those that match. */
  limit: number;
}

const PAGE_SIZE = 1000;
const MAX_LIMIT = 100_000;

/** @throws UsageError */
export function readWanted({ since, principal, tool, limit }: Readonly<Record<string, string | undefined>>): Wanted {
  return { since: readInstant(since), principal, tool, limit: readLimit(limit) };
}

/** The rows that are wanted, oldest first, each as one line of JSON: its number, the fields of its entry, and its place in the chain. */
export async function* auditLines(log: AuditLog, wanted: Wanted): AsyncGenerator<string> {
  const kept: string[] = [];
  for await (const row of rowsOf(log)) {
    const entry = entryOf(row);
    if (!isWanted(entry, wanted)) continue;
    const line = JSON.stringify({ sequence: Number(row.sequence), ...entry, previous: row.previous, hash: row.hash });
    if (wanted.limit === Number.POSITIVE_INFINITY) yield line;
    else if (kept.push(line) > 2 * wanted.limit) kept.splice(0, kept.length - wanted.limit);
  }
  yield* kept.slice(-wanted.limit);
}

async function* rowsOf(log: AuditLog): AsyncGenerator<StoredAuditRow> {
  // From the lowest number there can be: what somebody added below the first row is shown too.
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = await log.read(after, PAGE_SIZE);
    yield* page;
    if (page.length < PAGE_SIZE) return;
    after = Number(page.at(-1)?.sequence);
  }
}

/** The body of a row that somebody changed need not be JSON: then it is shown as it is. */
function entryOf({ body }: StoredAuditRow): Record<string, unknown> {
  try {
    const entry: unknown = JSON.parse(body);
    if (typeof entry === 'object' && entry !== null) return { ...entry };
  } catch {
    // Shown below.
  }
  return { body };
}

function isWanted({ time, principal, tool }: Record<string, unknown>, wanted: Wanted): boolean {
  if (wanted.principal !== undefined && principal !== wanted.principal) return false;
  if (wanted.tool !== undefined && tool !== wanted.tool) return false;
  return wanted.since === undefined || Date.parse(String(time)) >= wanted.since;
}

function readInstant(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const instant = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant))
    throw new UsageError(`--since takes an ISO date or instant, such as 2026-11-16 or 2026-11-16T12:00:00Z, not "${text}".`);
  return instant;
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new UsageError(`--limit takes a whole number from 1 to ${MAX_LIMIT}, not "${text}".`);
  return limit;
}
