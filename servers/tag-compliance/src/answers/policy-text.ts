import { AWS_DEFAULT_REASON } from '../policy/aws-defaults.ts';
import type { Exemption, NamingRules, Policy, TagRule } from '../policy/policy.ts';

/** A policy in lines, with every severity. */
export function policyLines({ required_tags, optional_tags, prohibited_keys, tag_naming_rules, ...exemptions }: Policy): string[] {
  return [
    ...(required_tags.length > 0 ? ['Required:', ...required_tags.map(ruleLine)] : ['No tag is required.']),
    ...(optional_tags.length > 0 ? ['Optional:', ...optional_tags.map(ruleLine)] : []),
    ...(prohibited_keys.length > 0
      ? [
          'Prohibited:',
          ...prohibited_keys.map(({ key, severity, description }) => `  ${key} (${severity})${description && `: ${description}`}`),
        ]
      : []),
    namingLine(tag_naming_rules),
    ...exemptionLines(exemptions),
  ];
}

function exemptionLines({ exempt_aws_defaults, exemptions }: Pick<Policy, 'exempt_aws_defaults' | 'exemptions'>): string[] {
  const lines = [...(exempt_aws_defaults ? [`  ${AWS_DEFAULT_REASON}`] : []), ...exemptions.map(exemptionLine)];
  return lines.length === 0 ? ['Nothing is exempt.'] : ['Exempt:', ...lines];
}

function exemptionLine({ reason, applies_to, arns, names, tags, grace_days }: Exemption): string {
  const conditions = [
    ...(applies_to.length > 0 ? [applies_to.join(', ')] : []),
    ...(arns.length > 0 ? [`ARN ${arns.join(' or ')}`] : []),
    ...(names.length > 0 ? [`name ${names.join(' or ')}`] : []),
    ...Object.entries(tags).map(([key, value]) => `${key} = ${value}`),
    ...(grace_days === undefined ? [] : [`the first ${grace_days} days`]),
  ];
  return `  ${reason.replace(/\.$/, '')} (${conditions.join('; ')})`;
}

function ruleLine({ name, allowed_values, validation_regex, applies_to, severity, value_severity }: TagRule): string {
  const values = allowed_values === undefined ? '' : ` = ${allowed_values.join(' | ')}`;
  const pattern = validation_regex === undefined ? '' : ` matching ${validation_regex}`;
  const types = applies_to.length === 0 ? 'all types' : applies_to.join(', ');
  const severities = severity === value_severity ? severity : `missing or misspelt: ${severity}, wrong value: ${value_severity}`;
  return `  ${name}${values}${pattern} (${severities}; ${types})`;
}

function namingLine({ case_sensitivity, allow_special_characters, max_key_length, max_value_length, severity }: NamingRules): string {
  const letterCase = (counts: boolean) => (counts ? 'letter case counts' : 'letter case is ignored');
  const characters = allow_special_characters ? '' : ', only letters, digits and _ - . : /';
  return `Keys: at most ${max_key_length} characters${characters}, ${letterCase(case_sensitivity.keys)}. Values: at most ${max_value_length} characters, ${letterCase(case_sensitivity.values)}. Otherwise: ${severity}.`;
}
