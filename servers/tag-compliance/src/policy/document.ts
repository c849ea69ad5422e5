import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml';

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
const MAX_BYTES = 1_000_000;
const MAX_NODES = 100_000;

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

/** Reads JSON or YAML. JSON is a subset of YAML, so one parser serves both. */
export function readDocument(text: string): PolicyDocument | { problems: PolicyProblem[] } {
  if (text.length > MAX_BYTES) return { problems: [wholeFile(`This file has more than ${MAX_BYTES} characters. Is it a policy?`)] };
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map((error) => ({ ...at(lines, error.pos[0]), path: '', problem: `${error.message}.` }));
  if (problems.length > 0) return { problems };
  const root = document.contents;
  if (root === null) return { problems: [wholeFile('This file is empty. Write at least one entry in required_tags.')] };
  try {
    return { data: toPlain(root, document), positionOf: (path, part = 'value') => at(lines, find(root, path, part, document)) };
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

function toPlain(root: Node, document: Document): unknown {
  let nodes = 0;
  function plain(node: unknown, setting: string): unknown {
    if (++nodes > MAX_NODES) throw new UnusableDocument('This file is too large for a policy. Does it repeat itself through YAML aliases?');
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined)
        throw new UnusableDocument(`Nothing in this file is named &${node.source}. Write it in full.`, node.range?.[0]);
      return plain(target, setting);
    }
    if (isSeq(node)) return node.items.map((item) => plain(item, setting));
    if (isMap(node)) {
      const pairs = node.items.map(({ key, value }) => [keyText(key), value] as const);
      return Object.fromEntries(pairs.map(([key, value]) => [key, plain(value, key)]));
    }
    return isScalar(node) ? scalar(node, setting) : null;
  }
  return plain(root, '');
}

function scalar(node: Scalar, setting: string): unknown {
  if (typeof node.value === 'string' || node.value === null || TYPED_SETTINGS.has(setting)) return node.value;
  return node.source ?? String(node.value);
}

function keyText(key: unknown): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : String(key);
}

/** The offset of a path's value or key, or of the nearest thing around it that exists. */
function find(root: Node, path: Path, part: 'key' | 'value', document: Document): number {
  let node: unknown = root;
  let offset = root.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
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
