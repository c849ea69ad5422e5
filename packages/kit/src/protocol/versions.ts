/** The protocol version of the modern era. The SDK keeps its own list to itself. */
export const MODERN_VERSION = '2026-07-28';
