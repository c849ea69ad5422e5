/** How the server is tried out: the flags with which it runs without anything else, and a call of each tool that reads. */
export const args = ['--sample', '--sample-size', '300'];

export const examples = {
  check_tag_compliance: { resource_types: ['ec2:instance', 's3:bucket'], filters: { region: ['eu-central-1'] } },
  find_untagged_resources: { regions: ['eu-central-1'], include_costs: true },
  validate_resource_tags: { resource_arns: ['arn:aws:s3:::no-such-bucket', 'arn:aws:sqs:eu-central-1:111122223333:none'] },
  get_cost_attribution_gap: { time_period: 'last_month', group_by: 'region' },
  suggest_tags: { resource_arn: 'arn:aws:sqs:eu-central-1:111122223333:payments-prod-events' },
  get_tagging_policy: {},
  generate_compliance_report: { format: 'markdown' },
  get_violation_history: { days_back: 7 },
};
