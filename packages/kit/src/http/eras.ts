import type { ClientCapabilities } from '../protocol/caller.ts';
import type { JsonRpcRequest } from '../protocol/json-rpc.ts';
import type { Era } from '../protocol/versions.ts';
import type { Exchange, HttpExchange } from './exchange.ts';

/** Serves requests of the 2026-07-28 protocol, whose envelope has been validated. */
export interface ModernEra {
  request(message: JsonRpcRequest, exchange: Exchange): Promise<void>;
  /** Ends the streams that wait for notifications, so that only requests are left. */
  endStreams(): void;
  close(): Promise<void>;
}

/** Serves requests of the protocol versions up to 2025-11-25, with sessions or without. */
export interface LegacyEra {
  /** The HTTP methods that it supports, as an `Allow` header. */
  readonly methods: string;
  request(message: JsonRpcRequest, exchange: Exchange): Promise<void>;
  /** Answers with the reason when no message is accepted with these headers. @returns whether it did. */
  rejects(exchange: Exchange): boolean;
  /** A notification, or the client's answer to a request of the server. */
  deliver(message: Readonly<Record<string, unknown>>, exchange: Exchange): void;
  openStream(exchange: HttpExchange): void;
  endSession(exchange: Exchange): void;
  /** Ends the streams that wait for notifications, so that only requests are left. */
  endStreams(): void;
  close(): Promise<void>;
}

/** Answers some requests without the SDK. Optional: without it the SDK answers them, more slowly. */
export interface FastPath {
  /** The era of a request that states it plainly; `undefined` leaves it to the SDK's classifier. */
  eraOf(request: JsonRpcRequest, exchange: Exchange): Era | undefined;
  readonly modern: EraFastPath;
  readonly legacy: EraFastPath;
}

export interface EraFastPath {
  /** Whether {@link answer} can answer the request. */
  accepts(request: JsonRpcRequest): boolean;
  answer(request: JsonRpcRequest, exchange: Exchange, capabilities: ClientCapabilities): Promise<void>;
}

export interface Eras {
  readonly modern: ModernEra;
  readonly legacy: LegacyEra;
  readonly fastPath: FastPath | undefined;
}
