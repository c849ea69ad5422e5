import pino from 'pino';
import type { Redactor } from './redact.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Structured logging to stderr. Every line passes through the redactor. */
export interface Log {
  /** Whether {@link debug} writes anything: lines that are costly to build need not be. */
  readonly isDebug: boolean;
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** A log that adds the given fields to each of its lines. */
  child(fields: Record<string, unknown>): Log;
}

export interface LogOptions {
  level: LogLevel;
  /** `json`: one object a line, as CloudWatch and most collectors read it. `pretty`: for reading at a terminal. */
  format: 'json' | 'pretty';
  redactor: Redactor;
  /** Where lines go, by default stderr. */
  write?: (line: string) => void;
}

export function createLog({ level, format, redactor, write }: LogOptions): Log {
  const sink = write ?? stderrWriter();
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => sink(format === 'pretty' ? pretty(line) : line) },
  );
  return wrap(logger, redactor);
}

function wrap(logger: pino.Logger, redactor: Redactor): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: Record<string, unknown>) => {
    if (!logger.isLevelEnabled(level)) return;
    logger[level](fields === undefined ? {} : redactor.value(fields), redactor.text(message));
  };
  return {
    isDebug: logger.isLevelEnabled('debug'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger.child(redactor.value(fields) as Record<string, unknown>), redactor),
  };
}

/** Writes synchronously, so that the last lines of a process that exits are not lost. */
function stderrWriter(): (line: string) => void {
  const destination = pino.destination({ dest: 2, sync: true });
  return (line) => {
    destination.write(line);
  };
}

/** `12:01:02 INFO  Listening  url=http://127.0.0.1:8080/mcp` */
function pretty(line: string): string {
  const { time, level, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const details = Object.entries(fields).map(([key, value]) => `  ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${String(time).slice(11, 19)} ${String(level).toUpperCase().padEnd(5)} ${String(message)}${details.join('')}\n`;
}
