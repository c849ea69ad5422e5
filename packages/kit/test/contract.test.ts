import { contractSuite } from '@fairway-mcp/testing';

contractSuite({
  main: new URL('./fixture/main.ts', import.meta.url),
  examples: {
    echo: { text: 'hello' },
    wait: { ms: 10, steps: 2 },
    count_slowly: { to: 3 },
    list_numbers: { count: 30 },
    fail: { how: 'not' },
  },
});
