import { contractSuite } from '@fairway-mcp/testing';

contractSuite({
  main: new URL('../src/main.ts', import.meta.url),
  examples: {
    get_greeting: { name: 'Ada' },
  },
});
