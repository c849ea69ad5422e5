import { distance } from 'fastest-levenshtein';
import { OTHER_TYPES, SERVICE_ALIASES, TYPE_ALIASES, WHOLE_SERVICES } from './known-types.ts';

/** What a name of a type means: the name that AWS uses in ARNs and tag policies, or why it means none. */
export type TypeMeaning = { type: string } | { problem: string };

/**
 * The type that a user means: AWS's own name, `SERVICE:*` for all types of a service, or another name that can mean only one:
 * `rds:instance`, `ec2:instances`, `EC2:Instance`, `AWS::EC2::Instance`, `ec2:ALL_SUPPORTED`. Types of services that are not known here
 * are taken as they are. A problem never repeats the name.
 */
export function meaningOfType(name: string): TypeMeaning {
  if (name === '*') return { type: '*' };
  const [, cloudFormationService, cloudFormationType] = /^AWS::([A-Za-z0-9]+)::([A-Za-z0-9]+)$/i.exec(name) ?? [];
  const isCloudFormation = cloudFormationService !== undefined && cloudFormationType !== undefined;
  const [givenService = '', word = ''] = isCloudFormation ? [cloudFormationService, cloudFormationType] : splitAtColon(name);
  const service = serviceOf(givenService);
  if (word === '*' || word === 'ALL_SUPPORTED') return { type: `${service}:*` };
  const known = knownWord(service, word);
  if (known !== undefined) return { type: `${service}:${known}` };
  const near = nearWord(service, word);
  if (near !== undefined) return { problem: `is no type of ${service}. Did you mean "${service}:${near}"?` };
  if (isCloudFormation) return { problem: 'is a name of CloudFormation whose type is not known here; expected SERVICE:TYPE as in ARNs' };
  return { type: `${service}:${word}` };
}

/** Whether a type is among those that are wanted: `ec2:instance`, `ec2:*`. None means all. */
export function isWantedType(type: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes(type) || wanted.includes(`${type.slice(0, type.indexOf(':'))}:*`);
}

/** `ec2:*` */
export function isServicePattern(type: string): boolean {
  return type.endsWith(':*');
}

function splitAtColon(name: string): [string, string] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}

function serviceOf(given: string): string {
  const name = given.toLowerCase();
  return Object.hasOwn(SERVICE_ALIASES, name) ? (SERVICE_ALIASES[name] ?? name) : name;
}

/** AWS's own word for a type, which may be given in another case, with other separators, in the plural or by another name. */
function knownWord(service: string, word: string): string | undefined {
  const words = [...wordsOf(WHOLE_SERVICES, service), ...wordsOf(OTHER_TYPES, service)];
  if (words.includes(word)) return word;
  const aliases = Object.hasOwn(TYPE_ALIASES, service) ? (TYPE_ALIASES[service] ?? {}) : {};
  for (const folded of singulars(fold(word))) {
    const same = words.find((candidate) => fold(candidate) === folded);
    if (same !== undefined) return same;
    if (Object.hasOwn(aliases, folded)) return aliases[folded];
  }
  return undefined;
}

/** The word and what it may be the plural of. */
function singulars(word: string): string[] {
  return [word, ...(word.endsWith('ies') ? [`${word.slice(0, -3)}y`] : []), ...(word.endsWith('s') ? [word.slice(0, -1)] : [])];
}

const SHORTEST_FOR_TYPOS = 4;
const LONG = 8;

/** The word that was probably misspelt. Only where all types of the service are known. */
function nearWord(service: string, word: string): string | undefined {
  const folded = fold(word);
  if (folded.length < SHORTEST_FOR_TYPOS) return undefined;
  const most = folded.length < LONG ? 1 : 2;
  const near = wordsOf(WHOLE_SERVICES, service).map((candidate) => ({ candidate, edits: distance(folded, fold(candidate)) }));
  return near.filter(({ edits }) => edits <= most).sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

function wordsOf(services: Readonly<Record<string, readonly string[]>>, service: string): readonly string[] {
  return Object.hasOwn(services, service) ? (services[service] ?? []) : [];
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, '');
}
