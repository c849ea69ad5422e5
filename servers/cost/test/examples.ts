/** How the server is tried out: the flags with which it runs without anything else, and a call of each tool that reads. */
export const args: readonly string[] = ['--sample', '--sample-size', '60'];

export const examples = {
  get_cost_and_usage: { period: '2026-10-01/2026-11-01', group_by: ['service', 'account'], granularity: 'monthly' },
  compare_costs: { period: 'last_7_days', group_by: ['service'], exclude: { charge: ['tax'] } },
  explain_cost_change: { period: 'last_month', group_by: ['service', 'region'] },
  get_cost_by_tag: { tag: 'Owner' },
  list_dimension_values: { dimension: 'service' },
  get_cost_forecast: { months: 2 },
  list_cost_anomalies: {},
  get_savings_coverage: { period: 'last_month' },
  list_rightsizing: {},
  list_budgets: {},
  get_spend_price: {},
};
