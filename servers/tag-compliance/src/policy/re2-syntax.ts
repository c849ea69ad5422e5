/** Of a pattern that JavaScript accepts with its `u` flag: what the linear-time engine does not have, as the reason. */
export class UnsupportedPattern extends Error {}

/** RE2 counts repeats to this; a value of at most 256 characters never needs more. */
const MAX_REPEATS = 1000;

/** What JavaScript means, where RE2's own `\s` and `.` mean less or more. */
const SPACES = '\\t\\n\\v\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const NO_SPACES =
  '\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}' +
  '\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';
const ANY = '[\\x{0}-\\x{10ffff}]';
const NOTHING = '[^\\x{0}-\\x{10ffff}]';
const ONE_OF_A_LINE = '[^\\n\\r\\x{2028}\\x{2029}]';

const ESCAPE = String.raw`\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[\s\S])`;
const OPENING = String.raw`\(\?(?:<?[=!]|<[^>]*>|[a-z]*(?:-[a-z]*)?:)`;
const REPEAT = String.raw`\{\d+(?:,\d*)?\}`;
const TOKEN = new RegExp(String.raw`${ESCAPE}|${OPENING}|${REPEAT}|\[\^?\]|[\s\S]`, 'gu');

/**
 * Writes a pattern in the syntax of RE2, with the meaning that JavaScript gives it. Groups capture nothing: only whether a value matches
 * is asked.
 * @param pattern one that JavaScript accepts with its `u` flag.
 * @throws UnsupportedPattern with the reason when no engine that runs in linear time can match it, or this one cannot.
 */
export function toRe2Syntax(pattern: string): string {
  let isInClass = false;
  return pattern.replace(TOKEN, (token) => {
    if (token.startsWith('\\')) return escaped(token, isInClass);
    if (isInClass) {
      if (token === ']') isInClass = false;
      // RE2 would read `[:` as the start of a named class. A token of several characters here has no meaning of its own.
      return token.replaceAll('[', '\\[');
    }
    if (token === '[') isInClass = true;
    return outsideOfClass(token);
  });
}

function outsideOfClass(token: string): string {
  if (token === '.') return ONE_OF_A_LINE;
  if (token === '[]') return NOTHING;
  if (token === '[^]') return ANY;
  if (token === '(') return '(?:';
  if (token.startsWith('(?')) return opening(token);
  return token.startsWith('{') && token.length > 1 ? repeat(token) : token;
}

function opening(token: string): string {
  if (/^\(\?<?[=!]$/.test(token))
    throw new UnsupportedPattern(`it looks ${token.startsWith('(?<') ? 'behind' : 'ahead'} with ${token}…), which needs backtracking`);
  if (token.startsWith('(?<')) return '(?:';
  if (/[sm]/.test(token)) throw new UnsupportedPattern(`it changes the meaning of . ^ or $ with ${token}…); write [^] for any character`);
  return token;
}

function repeat(token: string): string {
  const [min = 0, max] = token.slice(1, -1).split(',').map(Number);
  if (min > MAX_REPEATS) throw new UnsupportedPattern(`${token} repeats more often than the ${MAX_REPEATS} times that are possible`);
  return max !== undefined && max > MAX_REPEATS ? `{${min},}` : token;
}

function escaped(token: string, isInClass: boolean): string {
  const body = token.slice(1);
  const [kind = ''] = body;
  if (body === 's') return isInClass ? SPACES : `[${SPACES}]`;
  if (body === 'S') return isInClass ? NO_SPACES : `[${NO_SPACES}]`;
  if (body === 'b' && isInClass) return codePoint(8);
  if (body === '0') return codePoint(0);
  if (kind === 'k' || /^[1-9]$/.test(body))
    throw new UnsupportedPattern(`it refers back to a group with ${token}, which needs backtracking`);
  if (kind === 'c' && body.length === 2) return codePoint(body.charCodeAt(1) % 32);
  if ((kind === 'u' || kind === 'x') && body.length > 1) return codePoint(codePointOf(body));
  return (kind === 'p' || kind === 'P') && body.length > 1 ? property(token) : token;
}

function codePointOf(body: string): number {
  const units = body.split('\\').map((unit) => Number.parseInt(unit.replace(/[^0-9a-fA-F]/g, ''), 16));
  const [first = 0, second] = units;
  return second === undefined ? first : (first - 0xd800) * 0x400 + (second - 0xdc00) + 0x10000;
}

function codePoint(code: number): string {
  return `\\x{${code.toString(16)}}`;
}

/** RE2 has the short names only: `\p{Greek}` for `\p{Script=Greek}`. */
function property(token: string): string {
  return token.replace(/(?:Script|sc|General_Category|gc)=/, '');
}
