export { once } from './once.ts';
export { sleep, type WaitLimits, waitAtMost, waitFor } from './wait.ts';
