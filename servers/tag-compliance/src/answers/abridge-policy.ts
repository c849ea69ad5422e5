import type { Exemption, Policy, TagRule } from '../policy/policy.ts';

/** A rule in an answer: with how many of its values are not shown. */
export type ShownRule = TagRule & { more_values?: number | undefined };

export interface ShownPolicy extends Omit<Policy, 'required_tags' | 'optional_tags'> {
  required_tags: ShownRule[];
  optional_tags: ShownRule[];
}

/** What an answer leaves out of a policy. */
export interface LeftOut {
  /** Tags, prohibited keys and exemptions. */
  rules: number;
  /** Of the rules that are shown: values, types, patterns, and texts that are cut. */
  values: number;
}

interface Limits {
  rules: number;
  values: number;
  characters: number;
}

/** Tried in this order while the answer is too long. A policy has at most 1 MB. */
const SHORTER: readonly Limits[] = [
  { rules: 200, values: 20, characters: 500 },
  { rules: 100, values: 10, characters: 300 },
  { rules: 50, values: 5, characters: 200 },
  { rules: 20, values: 3, characters: 100 },
  { rules: 5, values: 2, characters: 60 },
];

/**
 * The most of a policy that fits into an answer.
 * @param fits whether an answer with this much of it is short enough
 */
export function abridgePolicy(policy: Policy, fits: (shown: ShownPolicy, leftOut?: LeftOut) => boolean): AbridgedPolicy {
  let result: AbridgedPolicy = { shown: policy };
  for (const limits of SHORTER) {
    if (fits(result.shown, result.leftOut)) break;
    const cutter = createCutter(limits);
    result = { shown: shorten(policy, cutter), leftOut: cutter.leftOut };
  }
  return result;
}

export interface AbridgedPolicy {
  shown: ShownPolicy;
  /** Absent when nothing is left out. */
  leftOut?: LeftOut;
}

type Cutter = ReturnType<typeof createCutter>;

/** Cuts lists and texts, and counts what it cuts off. */
function createCutter(limits: Limits) {
  const leftOut: LeftOut = { rules: 0, values: 0 };
  const text = (whole: string): string => {
    if (whole.length <= limits.characters) return whole;
    leftOut.values++;
    return `${whole.slice(0, limits.characters)}…`;
  };
  const list = <T>(whole: readonly T[], what: keyof LeftOut): T[] => {
    leftOut[what] += Math.max(0, whole.length - limits[what]);
    return whole.slice(0, limits[what]);
  };
  return { leftOut, text, list, texts: (whole: readonly string[]) => list(whole, 'values').map(text) };
}

function shorten(policy: Policy, cutter: Cutter): ShownPolicy {
  const { list, text } = cutter;
  return {
    ...policy,
    version: text(policy.version),
    required_tags: list(policy.required_tags, 'rules').map((rule) => shortenRule(rule, cutter)),
    optional_tags: list(policy.optional_tags, 'rules').map((rule) => shortenRule(rule, cutter)),
    prohibited_keys: list(policy.prohibited_keys, 'rules').map((one) => ({
      ...one,
      key: text(one.key),
      description: text(one.description),
    })),
    exemptions: list(policy.exemptions, 'rules').map((one) => shortenExemption(one, cutter)),
  };
}

function shortenRule(rule: TagRule, { text, texts }: Cutter): ShownRule {
  const { description, allowed_values, validation_regex, applies_to } = rule;
  const values = allowed_values && texts(allowed_values);
  const more = (allowed_values?.length ?? 0) - (values?.length ?? 0);
  return {
    ...rule,
    description: text(description),
    ...(values && { allowed_values: values }),
    ...(more > 0 && { more_values: more }),
    ...(validation_regex !== undefined && { validation_regex: text(validation_regex) }),
    applies_to: texts(applies_to),
  };
}

function shortenExemption(exemption: Exemption, { text, texts, list }: Cutter): Exemption {
  const { reason, applies_to, arns, names, tags } = exemption;
  return {
    ...exemption,
    reason: text(reason),
    applies_to: texts(applies_to),
    arns: texts(arns),
    names: texts(names),
    tags: Object.fromEntries(list(Object.entries(tags), 'values').map(([key, value]) => [text(key), text(value)])),
  };
}
