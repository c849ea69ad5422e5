export { BEHAVIOURS, type Behaviour } from './behaviours.ts';
export { type HostileServer, type HostileServerOptions, startHostileServer } from './hostile-server.ts';
export { chunk, type RawAnswer, type ReceivedRequest, raw } from './raw.ts';
