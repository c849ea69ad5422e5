import type { Demo } from '@fairway-mcp/testing';

export const demo: Demo = {
  isDefault: true,
  data: 'a made-up AWS organization',
  args: ['--sample'],
  questions: [
    { question: 'How compliant are our tags?', tool: 'check_tag_compliance', arguments: { include_costs: true, limit: 5 } },
    {
      question: 'Which untagged resources cost us most?',
      tool: 'find_untagged_resources',
      arguments: { include_costs: true, limit: 5 },
    },
    { question: 'How much spend can nobody be charged for?', tool: 'get_cost_attribution_gap', arguments: { group_by: 'account' } },
    {
      question: 'What should the tags of the most expensive one be?',
      tool: 'suggest_tags',
      argumentsFrom: { resource_arn: { tool: 'find_untagged_resources', path: ['resources', 0, 'arn'] } },
    },
  ],
};
