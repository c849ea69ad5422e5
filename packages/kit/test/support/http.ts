export {
  events,
  type Json,
  MODERN_VERSION as MODERN,
  openSession,
  type RawResponse,
  type Session,
  send,
  sendModern,
} from '@fairway-mcp/testing';
