import { scaleSuite } from './support/scale-suite.ts';

scaleSuite(20_000, 96);
