import { describe, expect, it } from 'vitest';
import { createLog, type LogLevel } from './log.ts';
import { createRedactor } from './redact.ts';

function logged(format: 'json' | 'pretty', level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLog({ level, format, redactor: createRedactor(['sesame-open']), write: (line) => lines.push(line) });
  return { log, lines };
}

describe('the log', () => {
  it('writes one JSON object a line, with level, instant and message', () => {
    const { log, lines } = logged('json');
    log.child({ server: 'notes' }).warn('Careful', { count: 2 });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    const { time, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(rest).toEqual({ level: 'warn', server: 'notes', count: 2, message: 'Careful' });
    expect(new Date(String(time)).toISOString()).toBe(time);
  });

  it('writes readable lines in the pretty format', () => {
    const { log, lines } = logged('pretty');
    log.info('Serving', { url: 'http://x', tools: 3 });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d INFO {2}Serving {2}url=http:\/\/x {2}tools=3\n$/);
  });

  it('masks secrets in messages, fields, child fields and errors', () => {
    const { log, lines } = logged('json');
    log.child({ from: 'sesame-open' }).error('said sesame-open', { error: new Error('sesame-open'), token: 'plain' });
    expect(lines.join('')).not.toMatch(/sesame-open|plain/);
  });

  it('leaves out lines below its level', () => {
    const { log, lines } = logged('json', 'warn');
    log.info('quiet');
    log.error('loud');
    expect(lines).toHaveLength(1);
  });
});
