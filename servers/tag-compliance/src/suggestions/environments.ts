import { fold } from '../policy/near-miss.ts';

/** Names of the stages of a delivery chain, and the stages to use instead when a policy does not have one. */
const STAGES: readonly { words: readonly string[]; instead: readonly string[] }[] = [
  { words: ['production', 'prod', 'prd', 'live'], instead: [] },
  { words: ['staging', 'stage', 'stg', 'stag'], instead: ['preproduction'] },
  { words: ['preproduction', 'preprod', 'ppd', 'pre'], instead: ['staging'] },
  { words: ['uat', 'acceptance', 'acc'], instead: ['staging', 'test'] },
  { words: ['qa', 'quality'], instead: ['test', 'staging'] },
  { words: ['test', 'testing', 'tst'], instead: ['qa'] },
  { words: ['integration', 'integ', 'int'], instead: ['test'] },
  { words: ['performance', 'perf', 'loadtest'], instead: ['test'] },
  { words: ['development', 'dev', 'devel', 'develop', 'dvl'], instead: [] },
  { words: ['sandbox', 'sbx', 'playground', 'lab'], instead: ['development'] },
  { words: ['disasterrecovery', 'dr'], instead: ['production'] },
  { words: ['demo'], instead: [] },
  { words: ['shared', 'common', 'sharedservices'], instead: [] },
];

const STAGE_BY_WORD = new Map(STAGES.flatMap((stage) => stage.words.map((word) => [word, stage] as const)));

export interface StageMatch {
  value: string;
  /** Whether the value is the stage that the word names, not only the nearest one. */
  isExact: boolean;
}

/** The value that means the stage that `word` names; none when two do, because that would be a guess. */
export function stageValue(word: string, values: readonly string[]): StageMatch | undefined {
  const stage = STAGE_BY_WORD.get(fold(word));
  if (stage === undefined) return undefined;
  for (const [index, name] of [stage.words[0], ...stage.instead].entries()) {
    const [value, other] = values.filter((candidate) => STAGE_BY_WORD.get(fold(candidate))?.words[0] === name);
    if (value !== undefined) return other === undefined ? { value, isExact: index === 0 } : undefined;
  }
  return undefined;
}

/** Whether a word names a stage, and so no application or team. */
export function isStageWord(word: string): boolean {
  return STAGE_BY_WORD.has(word);
}

/** Words that name a stage and mean other things as well: "live" may only say that something is in use. */
const AMBIGUOUS = new Set(['live', 'common', 'shared', 'int', 'acc', 'pre', 'lab', 'perf', 'performance', 'quality', 'integration']);

/** Whether a value says nothing but a stage. */
export function isClearStage(value: string): boolean {
  return isStageWord(fold(value)) && !AMBIGUOUS.has(fold(value));
}
