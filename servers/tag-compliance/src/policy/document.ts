import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';

/** Where something is in the policy file, counted from 1. */
export interface Position {
  line: number;
  column: number;
}

export type Path = readonly (string | number)[];

/** One thing that is wrong with a policy file. */
export interface PolicyProblem extends Position {
  /** Which setting, such as `required_tags[2].name`; empty for the file as a whole. */
  path: string;
  /** What is wrong and what to do about it, as a sentence. */
  problem: string;
}

/** A policy file as plain data, with the position of each part. */
export interface PolicyDocument {
  data: unknown;
  /** The position of the value at a path, or of its key; of the nearest enclosing part when there is none. */
  positionOf(path: Path, part?: 'key' | 'value'): Position;
}

/** A larger file is no policy. The limits also bound the expansion of YAML aliases. */
export const MAX_BYTES = 1_000_000;
const MAX_NODES = 100_000;
const MAX_DEPTH = 50;
/** Tags are compared with each other, values are not. */
const MAX_GROUPS = 1_000;
const MAX_TEXTS = 20_000;
/** Nobody corrects more at once. */
export const MAX_PROBLEMS = 100;

/** Brackets that open one another, more often than {@link MAX_DEPTH}: the parser would take long to see that they never close. */
const NESTED = new RegExp(`(?:[[{]\\s*){${MAX_DEPTH}}`);
const TOO_DEEP = `This file is nested more than ${MAX_DEPTH} levels deep. Is it a policy?`;

/**
 * Settings that are numbers or booleans. Every other number is unquoted text (a version 1.10, a cost center 0042) and is kept as it is
 * written.
 */
const TYPED_SETTINGS = new Set([
  'max_key_length',
  'max_value_length',
  'allow_special_characters',
  'case_sensitivity',
  'keys',
  'values',
  'exempt_aws_defaults',
  'grace_days',
]);

/** JavaScript's objects and validators lose a property of this name, so that a rule would be missing without a word. */
export const NO_NAME = '__proto__';

/** Reads JSON or YAML. JSON is a subset of YAML, so one parser serves both. */
export function readDocument(text: string): PolicyDocument | { problems: PolicyProblem[] } {
  if (text.length > MAX_BYTES) return { problems: [wholeFile(`This file has more than ${MAX_BYTES} characters. Is it a policy?`)] };
  if (NESTED.test(text)) return { problems: [wholeFile(TOO_DEEP)] };
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  if (document.errors.some(({ message }) => message.includes('call stack'))) return { problems: [wholeFile(TOO_DEEP)] };
  const errors = document.errors.slice(0, MAX_PROBLEMS);
  if (errors.length > 0)
    return { problems: errors.map(({ message, pos }) => ({ ...at(lines, pos[0]), path: '', problem: `${message}.` })) };
  const root = document.contents;
  if (root === null) return { problems: [wholeFile('This file is empty. Write at least one entry in required_tags.')] };
  try {
    const targets = aliasTargets(document);
    return { data: toPlain(root, targets), positionOf: (path, part = 'value') => at(lines, find(root, path, part, targets)) };
  } catch (error) {
    if (error instanceof UnusableDocument) return { problems: [{ ...at(lines, error.offset), path: '', problem: error.message }] };
    throw error;
  }
}

function wholeFile(problem: string): PolicyProblem {
  return { line: 1, column: 1, path: '', problem };
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

class UnusableDocument extends Error {
  readonly offset: number;

  constructor(message: string, offset = 0) {
    super(message);
    this.offset = offset;
  }
}

/** What each alias stands for: the last part before it that has its name. Found in one pass, as a file may hold very many. */
type AliasTargets = ReadonlyMap<Alias, Node | undefined>;

function aliasTargets(document: Document): AliasTargets {
  const named = new Map<string, Node>();
  const targets = new Map<Alias, Node | undefined>();
  visit(document, {
    Alias: (_, alias) => void targets.set(alias, named.get(alias.source)),
    Value: (_, node) => void (node.anchor !== undefined && named.set(node.anchor, node)),
  });
  return targets;
}

function toPlain(root: Node, targets: AliasTargets): unknown {
  let nodes = 0;
  function plain(node: unknown, setting: string, around: readonly unknown[]): unknown {
    if (++nodes > MAX_NODES) throw new UnusableDocument('This file is too large for a policy. Does it repeat itself through YAML aliases?');
    if (around.length > MAX_DEPTH) throw new UnusableDocument(TOO_DEEP);
    if (isAlias(node)) return plain(targetOf(node, targets, around), setting, around);
    if (isSeq(node)) {
      checkLength(node.items.length, node.items.every(isScalar) ? MAX_TEXTS : MAX_GROUPS, node);
      return node.items.map((item) => plain(item, setting, [...around, node]));
    }
    if (isMap(node)) {
      checkLength(node.items.length, MAX_GROUPS, node);
      checkKeys(node);
      const pairs = node.items.map(({ key, value }) => [keyText(key), value] as const);
      return Object.fromEntries(pairs.map(([key, value]) => [key, plain(value, key, [...around, node])]));
    }
    return isScalar(node) ? scalar(node, setting) : null;
  }
  return plain(root, '', []);
}

function targetOf(alias: Alias, targets: AliasTargets, around: readonly unknown[]): Node {
  const target = targets.get(alias);
  if (target === undefined)
    throw new UnusableDocument(`Nothing before this place is named &${alias.source}. Write it in full.`, alias.range?.[0]);
  if (around.includes(target)) throw new UnusableDocument(`&${alias.source} contains itself here. Write it in full.`, alias.range?.[0]);
  return target;
}

/** The parser's own check compares each key with all others. */
function checkKeys({ items }: YAMLMap): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    const text = keyText(key);
    if (seen.has(text)) throw new UnusableDocument(`"${text}" is here twice. Remove one.`, offsetOf(key));
    if (text === NO_NAME) throw new UnusableDocument(`"${NO_NAME}" cannot be used as a name. Choose another one.`, offsetOf(key));
    seen.add(text);
  }
}

function checkLength(length: number, max: number, { range }: Node): void {
  if (length > max) throw new UnusableDocument(`This has ${length} entries; a policy has at most ${max} of this kind.`, range?.[0]);
}

function scalar(node: Scalar, setting: string): unknown {
  if (typeof node.value === 'string' || node.value === null || TYPED_SETTINGS.has(setting)) return node.value;
  return node.source ?? String(node.value);
}

function keyText(key: unknown): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : String(key);
}

/** The offset of a path's value or key, or of the nearest thing around it that exists. */
function find(root: Node, path: Path, part: 'key' | 'value', targets: AliasTargets): number {
  let node: unknown = root;
  let offset = root.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = targets.get(node);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => keyText(key) === step);
      if (pair === undefined) return offset;
      const wanted: unknown = part === 'key' && index === path.length - 1 ? pair.key : (pair.value ?? pair.key);
      offset = offsetOf(wanted) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = offsetOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function offsetOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

/** `required_tags[2].name` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
