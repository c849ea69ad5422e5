/** The protocol version of the modern era. The SDK does not export its own list. */
export const MODERN_VERSION = '2026-07-28';

/** The protocol generation of a request: `modern` is 2026-07-28 and later, `legacy` everything before. */
export type Era = 'legacy' | 'modern';
