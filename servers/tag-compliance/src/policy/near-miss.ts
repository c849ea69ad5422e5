import { distance } from 'fastest-levenshtein';

/**
 * When is a key or a value a misspelling of another one, and when is it a word of its own? Wrong alarms cost trust, so:
 *
 * - Letter case, separators (`-`, `_`, `.`, spaces) and spaces around never make a different word: `cost-center` is `CostCenter`.
 * - Digits never are typos: `Owner2` is not `Owner`, cost center 101 is not 100.
 * - Keys are compared word by word where both have as many words (`CreatedBy` is not `CreatedAt`), else as a whole.
 * - A word must have five letters, or four next to a word that is right, to have one typo (a letter wrong, missing, too many, or two
 *   neighbours swapped); two typos need eleven letters. So `Name` is not `Game`, and `Enviromnet` is `Environment`.
 * - The first letter is right: people rarely mistype it, and other words often differ there.
 * - A word that is itself common in tags is that word: `Stage` is not `State`, `Contact` is not `Contract`.
 * - Namespaces (`acme:`, `kubernetes.io/`) must be the same: only what stands behind the last `:` or `/` is compared.
 */

/** How a near key differs: in letter case only, in separators too, or by a typo. */
export type Closeness = 'case' | 'separators' | 'typo';

export interface NearKey {
  /** The key that was probably meant. */
  key: string;
  closeness: Closeness;
}

/** Words that are common in tags and within a typo of another one. Singular, lower case. */
const WORDS_OF_THEIR_OWN = new Set(
  `account admin agent alarm alert alias allow apply area asset audit author backup basis batch billing block board brand
  budget build building bucket cache cause center chain change charge chart check claim class clean client cloud cluster
  cohort color contact content context contract control cost count country course create created creator customer cycle
  data database date deploy deployed deployer deploys design device domain email entity epoch event expire expired expiry
  factor feature field final fleet floor front function global grade grant group guard health host house image index input
  issue item label lease level license life limit list local location logic machine manage managed manager market master
  member merge mode model module monitor month name network node note notes number object offer office order origin other
  output owned owner package parent part partner party patch path person phase place plain plan plane plant platform point
  policy pool port portal power price prime process product profile program project public publish purpose quota range rank
  rate ready reason region release replica report repository request reserve resource result retail retain retention risk
  role room root route rule sales scale schedule scheduled scheduler scope score section sector secure security segment
  sensitive server service session share shared sheet shift shop site size slack source space spot stack staff stage
  standard start state station status storage store story stream string study style subnet suite support system table
  target task team template tenant tenet term test text theme ticket tier time title token topic total trace track trade
  train trial type unit update updated updater usage user value vendor version view vision visit volume watch week window
  worker workload world zone`.split(/\s+/),
);

/** The known keys that `key` is a misspelling of, the likeliest first. Empty when it is one of them, or none. */
export function nearKeys(key: string, known: readonly string[]): NearKey[] {
  if (known.includes(key)) return [];
  const found = known.flatMap((candidate) => {
    const closeness = keyCloseness(key, candidate);
    return closeness === undefined ? [] : [{ key: candidate, closeness, edits: distance(fold(key), fold(candidate)) }];
  });
  return found
    .sort((a, b) => RANK[a.closeness] - RANK[b.closeness] || a.edits - b.edits)
    .map((near) => ({ key: near.key, closeness: near.closeness }));
}

const RANK: Readonly<Record<Closeness, number>> = { case: 0, separators: 1, typo: 2 };

function keyCloseness(key: string, known: string): Closeness | undefined {
  if (key.toLowerCase() === known.toLowerCase()) return 'case';
  const [found, wanted] = [splitNamespace(key), splitNamespace(known)];
  if (fold(found.namespace) !== fold(wanted.namespace)) return undefined;
  if (fold(found.rest) === fold(wanted.rest)) return 'separators';
  return isKeyTypo(found.rest, wanted.rest) ? 'typo' : undefined;
}

function splitNamespace(key: string): { namespace: string; rest: string } {
  const end = Math.max(key.lastIndexOf(':'), key.lastIndexOf('/')) + 1;
  return { namespace: key.slice(0, end), rest: key.slice(end) };
}

function isKeyTypo(found: string, wanted: string): boolean {
  if (digitsOf(found) !== digitsOf(wanted)) return false;
  const [foundWords, wantedWords] = [wordsOf(found), wordsOf(wanted)];
  if (foundWords.length !== wantedWords.length || foundWords.length < 2) return isTypo(fold(found), fold(wanted), 5);
  const typos = foundWords.filter((word, index) => word !== wantedWords[index]);
  return typos.length <= 2 && foundWords.every((word, index) => word === wantedWords[index] || isTypo(word, wantedWords[index] ?? '', 4));
}

/** Both in lower case and different. */
function isTypo(found: string, wanted: string, fewestLetters: number): boolean {
  const letters = Math.min(found.length, wanted.length);
  if (letters < fewestLetters || found[0] !== wanted[0] || WORDS_OF_THEIR_OWN.has(found)) return false;
  return edits(found, wanted) <= (letters >= 11 ? 2 : 1);
}

/** Levenshtein distance in which two neighbours that changed places count once. */
function edits(a: string, b: string): number {
  const plain = distance(a, b);
  return plain === 2 && isSwap(a, b) ? 1 : plain;
}

/** Both different. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let first = 0;
  while (a[first] === b[first]) first++;
  return a[first] === b[first + 1] && a[first + 1] === b[first] && a.slice(first + 2) === b.slice(first + 2);
}

/**
 * The allowed value that `value` is a misspelling of; `undefined` when none is, or when two are equally likely. Because the value is
 * wrong anyway, this is a little bolder than with keys: four letters are enough for a typo.
 * For an allowed value with a `*`, the fixed part is put right and the rest kept.
 */
export function nearValue(value: string, allowed: readonly string[]): string | undefined {
  const folded = fold(value);
  const same = allowed.filter((candidate) => fold(candidate) === folded && !candidate.includes('*'));
  const sameButCase = same.filter((candidate) => candidate.toLowerCase() === value.trim().toLowerCase());
  if (same.length > 0) return onlyOne(sameButCase.length > 0 ? sameButCase : same);
  const patterns = allowed.flatMap((candidate) => putRight(value.trim(), candidate));
  return onlyOne(patterns.length > 0 ? patterns : allowed.filter((candidate) => isValueTypo(value, candidate)));
}

function isValueTypo(value: string, candidate: string): boolean {
  if (candidate.includes('*') || digitsOf(value) !== digitsOf(candidate)) return false;
  const [found, wanted] = [fold(value), fold(candidate)];
  const letters = Math.min(found.length, wanted.length);
  return letters >= 4 && found[0] === wanted[0] && edits(found, wanted) <= (letters >= 11 ? 2 : 1);
}

/** `Team-x` for `team-*` becomes `team-x`. Nothing when the fixed part differs in more than letter case. */
function putRight(value: string, pattern: string): string[] {
  const star = pattern.indexOf('*');
  if (star === -1 || pattern.length === 1 || value.length < pattern.length - 1) return [];
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const end = value.length - tail.length;
  const fits = value.slice(0, star).toLowerCase() === head.toLowerCase() && value.slice(end).toLowerCase() === tail.toLowerCase();
  return fits ? [head + value.slice(star, end) + tail] : [];
}

function onlyOne<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** Lower case, without separators. */
export function fold(text: string): string {
  return text.toLowerCase().replace(/[\s_.-]+/g, '');
}

function digitsOf(text: string): string {
  return text.replace(/\D+/g, '');
}

/** `CostCenter`, `cost-center` and `HTTPServer` in lower-case words. */
export function wordsOf(text: string): string[] {
  return text
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
