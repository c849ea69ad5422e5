export { events, type Json, MODERN_VERSION as MODERN, openSession, type RawResponse, send, sendModern } from '@fairway-mcp/testing';
