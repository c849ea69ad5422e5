export { once } from './once.ts';
export { TokenBucket } from './token-bucket.ts';
export { forEachYielding, isTurnLong, nextTurn } from './turns.ts';
export { sleep, type WaitLimits, waitAtMost, waitFor } from './wait.ts';
