export {
  type AuditEntry,
  type AuditRecords,
  type AuditRow,
  type AuditTrail,
  type AuditVerification,
  createAuditTrail,
  verifyAuditTrail,
} from './audit.ts';
export {
  type Failure,
  type Instruments,
  noInstruments,
  type Observation,
  type Operation,
  type RequestFacts,
  traceFields,
} from './instruments.ts';
export { createLog, LOG_LEVELS, type Log, type LogLevel, type LogOptions } from './log.ts';
export { type OtelOptions, openOtel } from './otel.ts';
export { createRedactor, REDACTED, type Redactor } from './redact.ts';
export { type TraceContext, traceContext } from './trace.ts';
