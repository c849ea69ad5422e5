export {
  type AuditEntry,
  type AuditRecords,
  type AuditRow,
  type AuditTrail,
  type AuditVerdict,
  createAuditTrail,
  verifyAuditTrail,
} from './audit.ts';
export { createLog, LOG_LEVELS, type Log, type LogLevel, type LogOptions } from './log.ts';
export { createRedactor, REDACTED, type Redactor } from './redact.ts';
export { type TraceContext, traceContext } from './trace.ts';
