export { type BundleOptions, bundleSuite } from './contract/bundle-suite.ts';
export { type ContractOptions, contractSuite, type Examples } from './contract/suite.ts';
export type { Demo, DemoQuestion } from './demo.ts';
export { type OtlpReceiver, type ReceivedHistogram, type ReceivedSpan, startOtlpReceiver } from './otlp/receiver.ts';
export { type AnyClient, CLIENT_KINDS, type ClientKind, connect, type Decision, type Endpoint, MODERN_VERSION } from './process/clients.ts';
export { type FaultProxy, startFaultProxy } from './process/fault-proxy.ts';
export { events, type Json, openSession, type RawResponse, type Session, send, sendModern } from './process/http.ts';
export { type Inspection, inspect } from './process/inspector.ts';
export {
  compileCache,
  type Exit,
  fileLifetime,
  type Launch,
  type Measurement,
  runCommand,
  ServerProcess,
  startHttp,
  temporaryFolder,
} from './process/server-process.ts';
export { type Message, openPeer, StdioPeer } from './process/stdio-peer.ts';
