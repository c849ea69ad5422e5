import type { Demo } from '@fairway-mcp/testing';

export const demo: Demo = {
  data: 'greetings',
  args: [],
  questions: [{ question: 'How do you greet Ada?', tool: 'get_greeting', arguments: { name: 'Ada' } }],
};
