import { contractSuite } from '@fairway-mcp/testing';
import { args, examples } from './examples.ts';

contractSuite({ main: new URL('../src/main.ts', import.meta.url), args, examples });
