export { type AuditDurability, type AuditEntry, type AuditRecords, type AuditTrail, createAuditTrail } from './audit.ts';
export { type AuditChain, type AuditHead, type AuditRow, type AuditVerification, verifyAuditTrail } from './audit-chain.ts';
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
export { type Collector, probeCollector } from './probe.ts';
export { createRedactor, isSensitiveName, REDACTED, type Redactor } from './redact.ts';
export type { Span, SpanParent, SpanStart } from './span.ts';
export { newTraceId } from './trace.ts';
