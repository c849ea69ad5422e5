import { someOf, type Violation } from '../policy/violation.ts';

/** What is there and what would be right, after the resource: `has "Ownr", likely "Owner"`, `lacks it; use one of a, b`. */
export function violationDetail({ kind, current_value, found, suggestion, allowed_values, expected }: Violation): string {
  const right = someOf(allowed_values) || expected;
  switch (kind) {
    case 'missing_required_tag':
      return `lacks it${right === undefined ? '' : `; use ${right}`}`;
    case 'prohibited_key':
      return `has "${found}"; remove it`;
    case 'too_many_tags':
      return `has ${current_value} tags; keep ${expected}`;
    default: {
      const correction = suggestion === undefined ? (right === undefined ? '' : `; use ${right}`) : `, likely "${suggestion}"`;
      return `has "${kind === 'near_miss_key' ? found : current_value}"${correction}`;
    }
  }
}
