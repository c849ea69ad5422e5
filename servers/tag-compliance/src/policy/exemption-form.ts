import * as z from 'zod';
import { NO_NAME, type Path } from './document.ts';
import { parsePart } from './parse-part.ts';
import { type Exemption, exemptionSchema, MAX_GRACE_DAYS, type Policy } from './policy.ts';
import { checkTypeNames, checkTypePatterns, type Report } from './rule-checks.ts';
import { normalTypePattern } from './type-pattern.ts';

/** What every form of a policy file may say about exemptions. */
export const EXEMPTION_SETTINGS = ['exempt_aws_defaults', 'exemptions'];

const MAX_EXEMPTIONS = 200;
const SETTINGS = Object.keys(exemptionSchema.shape);

/** An exemption as authors write it: everything except the reason may be missing or null. */
const written = z
  .strictObject({
    reason: z.string(),
    applies_to: z.array(z.string()).nullish(),
    arns: z.array(z.string()).nullish(),
    names: z.array(z.string()).nullish(),
    tags: z.record(z.string(), z.string()).nullish(),
    grace_days: z.number().nullish(),
  })
  .transform(
    ({ reason, applies_to, arns, names, tags, grace_days }): Exemption => ({
      reason,
      applies_to: (applies_to ?? []).map(normalTypePattern),
      arns: arns ?? [],
      names: names ?? [],
      tags: tags ?? {},
      grace_days: grace_days ?? undefined,
    }),
  );

/** Reads what is exempt, and reports every problem. Without the settings, what AWS made is exempt. */
export function readExemptions(
  data: Readonly<Record<string, unknown>>,
  report: Report,
): Pick<Policy, 'exempt_aws_defaults' | 'exemptions'> {
  const isOn = parsePart(z.boolean(), data.exempt_aws_defaults ?? true, ['exempt_aws_defaults'], [], report);
  return { exempt_aws_defaults: isOn ?? true, exemptions: readList(data.exemptions, report) };
}

function readList(value: unknown, report: Report): Exemption[] {
  const list = parsePart(z.array(z.unknown()), value ?? [], ['exemptions'], [], report) ?? [];
  if (list.length > MAX_EXEMPTIONS) {
    report(['exemptions'], `This list has ${list.length} entries; at most ${MAX_EXEMPTIONS} are possible. Use patterns.`);
    return [];
  }
  return list.flatMap((item, index) => {
    const path: Path = ['exemptions', index];
    const exemption = parsePart(written, item, path, SETTINGS, report);
    if (exemption !== undefined) checkExemption(exemption, path, report);
    return exemption ?? [];
  });
}

function checkExemption({ reason, applies_to, arns, names, tags, grace_days }: Exemption, path: Path, report: Report): void {
  if (reason.trim() === '') report([...path, 'reason'], 'Write why: answers name the reason beside the number of exempt resources.');
  if (reason === NO_NAME) report([...path, 'reason'], `"${NO_NAME}" cannot be used as a reason. Write why, in words.`);
  checkTypePatterns(applies_to, [...path, 'applies_to'], report);
  checkTypeNames(applies_to, [...path, 'applies_to'], report);
  arns.forEach((arn, index) => {
    if (!/^(?:arn:|\*)/.test(arn)) report([...path, 'arns', index], `"${arn}" is not an ARN. Write arn:…, with * for any text.`);
  });
  names.forEach((name, index) => {
    if (name === '') report([...path, 'names', index], 'This name is empty. Write a name, with * for any text.');
  });
  if (grace_days !== undefined && !(grace_days > 0 && grace_days <= MAX_GRACE_DAYS))
    report([...path, 'grace_days'], `Write a number of days that is more than 0 and at most ${MAX_GRACE_DAYS}.`);
  const isLimited = [applies_to, arns, names].some((patterns) => patterns.length > 0 && !patterns.some((text) => /^\*+$/.test(text)));
  if (!isLimited && Object.keys(tags).length === 0 && grace_days === undefined)
    report(path, `This would exempt every resource. Write which ones, with ${SETTINGS.slice(1).join(', ')}.`);
}
