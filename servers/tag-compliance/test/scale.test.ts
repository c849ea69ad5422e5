import { scaleSuite } from './support/scale-suite.ts';

scaleSuite(1_000, 64);
