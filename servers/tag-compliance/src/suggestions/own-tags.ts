import { fold, nearKeys, nearValue } from '../policy/near-miss.ts';
import type { AppliedRule } from '../policy/type-rules.ts';
import { isClearStage, isStageWord, stageValue } from './environments.ts';
import type { CandidateValue, TagIndex } from './tag-index.ts';

/** How a tag that the resource already has is about another tag: it is that tag with a wrong value, a misspelt key, or a related one. */
export type OwnTagSource = 'wrong_value' | 'misspelt_key' | 'related_key';

/** What one of the resource's own tags says about another tag. */
export interface OwnTag {
  source: OwnTagSource;
  /** The key as it is on the resource. */
  key: string;
  /** The allowed value that it means; `undefined` for a stage that the policy has no value for. */
  value: string | undefined;
  /** Whether the value means nothing else, so that it speaks against every other one. */
  isClear: boolean;
  /** As a sentence without a full stop. */
  text: string;
}

/** Tags that the resource already has, under a wrong key or with a wrong value, as far as it is known what they mean. */
export function ownTags(
  tags: Readonly<Record<string, string>>,
  rule: AppliedRule,
  candidates: readonly CandidateValue[],
  index: TagIndex,
): OwnTag[] {
  const { name } = rule.rule;
  const isAboutStages = holdStages(candidates);
  return Object.entries(tags).flatMap(([key, value]): OwnTag[] => {
    const source = sourceOf(key, name, index, isAboutStages);
    if (source === undefined || value.trim() === '') return [];
    const right = rightValue(value, rule, candidates);
    if (right === undefined && !(isAboutStages && isClearStage(value))) return [];
    const spelling = source === 'misspelt_key' ? `${name} spelt ` : '';
    const meaning = right === undefined ? ', which the policy has no value for' : right === value ? '' : `, which means ${right}`;
    const isClear = right === value || !isStageWord(fold(value)) || isClearStage(value);
    return [{ source, key, value: right, isClear, text: `It has ${spelling}${key}=${value}${meaning}` }];
  });
}

/** Whether at least two of the values are stages of a delivery chain. */
function holdStages(candidates: readonly CandidateValue[]): boolean {
  return candidates.filter(({ folded }) => isStageWord(folded)).length > 1;
}

function sourceOf(key: string, name: string, index: TagIndex, isAboutStages: boolean): OwnTagSource | undefined {
  if (key === name) return 'wrong_value';
  if (index.isPolicyTag(key) || /^aws:/i.test(key)) return undefined;
  if (nearKeys(key, [name]).length > 0) return 'misspelt_key';
  return isRelated(key, name) || (isAboutStages && STAGE_KEYS.has(lastPart(key))) ? 'related_key' : undefined;
}

/** Other keys for the stage of a delivery chain. */
const STAGE_KEYS = new Set(['env', 'environment', 'stage', 'lifecycle', 'sdlc', 'deploymentstage']);

/** The same key in another namespace, or a prefix of it: `acme:CostCenter`, `env`, `app`. */
function isRelated(key: string, name: string): boolean {
  const [found, wanted] = [lastPart(key), lastPart(name)];
  return found === wanted || (found.length >= 3 && wanted.startsWith(found));
}

function lastPart(key: string): string {
  return fold(key.slice(key.search(/[^:/]*$/)));
}

/** The value itself if it is allowed, or the allowed value that it means. */
function rightValue(value: string, rule: AppliedRule, candidates: readonly CandidateValue[]): string | undefined {
  const fault = rule.values.faultOf(value);
  if (fault === undefined) return value;
  const values = candidates.map((candidate) => candidate.value);
  return fault.suggestion ?? nearValue(value, values) ?? stageValue(value, values)?.value ?? longerValue(value, candidates);
}

const MIN_LENGTH = 3;

/** The one value that begins or ends with this one, or with which this one begins: `7010` for `CC-7010`, `billing-app` for `billing`. */
function longerValue(value: string, candidates: readonly CandidateValue[]): string | undefined {
  const part = fold(value);
  if (part.length < MIN_LENGTH) return undefined;
  const [found, other] = candidates.filter(
    ({ folded }) => folded.startsWith(part) || folded.endsWith(part) || (folded.length >= MIN_LENGTH && part.startsWith(folded)),
  );
  return other === undefined ? found?.value : undefined;
}
