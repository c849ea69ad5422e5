/** Replaces a secret. */
export const REDACTED = '[redacted]';

const SENSITIVE_WORD = 'secret|passw|passphrase|token|authorization|api[_-]?key|access[_-]?key|credential|cookie|private[_-]?key|signature';
const SENSITIVE_NAME = new RegExp(SENSITIVE_WORD, 'i');
/** Names of parameters that are sensitive as a whole: part of another name they say nothing. */
const SENSITIVE_PARAMETER = 'key|sig|auth';
const WHOLE_PARAMETER = new RegExp(`^(?:${SENSITIVE_PARAMETER})$`, 'i');

/** The start of a URL. Bounded, so that a long text takes no more than linear time. */
const SCHEME = String.raw`\b[a-z][a-z0-9+.-]{0,30}:\/\/`;
/** A parameter of a URL or form that is a credential by its name: `api_key`, `X-Amz-Signature`, `key`. */
const PARAMETER = String.raw`[?&;](?:[\w.-]{0,40}(?:${SENSITIVE_WORD})[\w.-]{0,40}|${SENSITIVE_PARAMETER})=`;

/** Forms of text that are always secrets: API keys of this project, AWS keys, JWTs, bearer headers, credentials in URLs. */
const SECRET_FORMS: readonly [RegExp, string][] = [
  [/fwk_[a-z0-9]{12}_[A-Za-z0-9_-]{20,}/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g, REDACTED],
  [/\b(bearer|basic) +[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  // A password ends at the last "@" before the path; without a password, the user itself may be a token.
  [new RegExp(`(${SCHEME}[^\\s/?#:@]*):[^\\s/?#]*@`, 'gi'), `$1:${REDACTED}@`],
  [new RegExp(`(${SCHEME})[^\\s/?#:@]+@`, 'gi'), `$1${REDACTED}@`],
  [new RegExp(`(${PARAMETER})[^\\s&;#"'<>]+`, 'gi'), `$1${REDACTED}`],
];

const MIN_SECRET_LENGTH = 6;
const MAX_DEPTH = 8;
const MAX_ITEMS = 50;
const MAX_TEXT = 500;

/** Whether a field or parameter of that name holds a credential. */
export function isSensitiveName(name: string): boolean {
  return SENSITIVE_NAME.test(name) || WHOLE_PARAMETER.test(name);
}

export interface Redactor {
  text(text: string): string;
  /** A copy of any value that is safe to log: secrets masked; depth, length and number of items limited. */
  value(value: unknown): unknown;
}

/**
 * Masks secrets by value, by form and by the name of their field. Redaction libraries (also pino's) mask by the path of a field only.
 * @param secrets values to mask wherever they appear. Those under six characters are ignored: masking them would garble ordinary text.
 */
export function createRedactor(secrets: Iterable<string> = []): Redactor {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= MIN_SECRET_LENGTH);

  function text(input: string): string {
    let output = input;
    for (const secret of known) if (output.includes(secret)) output = output.replaceAll(secret, REDACTED);
    for (const [form, replacement] of SECRET_FORMS) output = output.replace(form, replacement);
    return output;
  }

  function value(input: unknown, depth = 0): unknown {
    if (typeof input === 'string') return text(clip(input));
    if (typeof input === 'bigint') return String(input);
    if (input === null || typeof input !== 'object') return typeof input === 'function' || typeof input === 'symbol' ? undefined : input;
    if (depth >= MAX_DEPTH) return '[nested]';
    if (input instanceof Error) return { name: input.name, message: text(clip(input.message)), stack: text(clip(input.stack ?? '', 4000)) };
    if (Array.isArray(input)) {
      const shown = input.slice(0, MAX_ITEMS).map((item) => value(item, depth + 1));
      return input.length > MAX_ITEMS ? [...shown, `[${input.length - MAX_ITEMS} more]`] : shown;
    }
    const entries = Object.entries(input).slice(0, MAX_ITEMS);
    return Object.fromEntries(
      entries.map(([key, item]) => [text(clip(key)), SENSITIVE_NAME.test(key) ? REDACTED : value(item, depth + 1)]),
    );
  }

  return { text, value: (input) => value(input) };
}

function clip(text: string, max = MAX_TEXT): string {
  return text.length > max ? `${text.slice(0, max)}[${text.length - max} more characters]` : text;
}
