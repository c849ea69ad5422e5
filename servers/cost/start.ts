import type { Demo } from '@fairway-mcp/testing';

export const demo: Demo = {
  data: 'a made-up cloud bill',
  args: ['--sample'],
  questions: [
    { question: 'What did we spend last month, and on what?', tool: 'get_cost_and_usage', arguments: { limit: 8 } },
    { question: 'Why was it more than the month before?', tool: 'explain_cost_change', arguments: {} },
    { question: 'What changed this week?', tool: 'compare_costs', arguments: { period: 'last_7_days', limit: 5 } },
    { question: 'Which team spends what, and what has no owner?', tool: 'get_cost_by_tag', arguments: { tag: 'Owner' } },
  ],
};
