import { ServiceError } from './errors.ts';

export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of a JSON request. A member of the wrong type is rejected as AWS's deserializer does. */
export class JsonInput {
  readonly #members: JsonRecord;

  constructor(members: JsonRecord) {
    this.#members = members;
  }

  /** @throws ServiceError SerializationException when the body is not a JSON object. */
  static parse(body: string): JsonInput {
    try {
      const parsed: unknown = body === '' ? {} : JSON.parse(body);
      if (isRecord(parsed)) return new JsonInput(parsed);
    } catch {
      // Answered below, together with JSON that is no object.
    }
    throw new ServiceError('SerializationException', 'Start of structure or map found where not expected.');
  }

  text(name: string): string | undefined {
    return this.#typed(name, (value) => typeof value === 'string', 'String');
  }

  integer(name: string): number | undefined {
    return this.#typed(name, (value): value is number => Number.isInteger(value), 'Integer');
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, (value) => typeof value === 'boolean', 'Boolean');
  }

  texts(name: string): string[] {
    return (
      this.#typed(name, (value): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string'), 'List') ?? []
    );
  }

  /** A map of texts, such as `{"Owner": "a"}`. */
  textMap(name: string): Record<string, string> {
    const isTextMap = (value: unknown): value is Record<string, string> =>
      isRecord(value) && Object.values(value).every((item) => typeof item === 'string');
    return this.#typed(name, isTextMap, 'Map') ?? {};
  }

  record(name: string): JsonInput | undefined {
    const value = this.#typed(name, isRecord, 'Structure');
    return value === undefined ? undefined : new JsonInput(value);
  }

  records(name: string): JsonInput[] {
    const values = this.#typed(name, (value): value is JsonRecord[] => Array.isArray(value) && value.every(isRecord), 'List');
    return (values ?? []).map((value) => new JsonInput(value));
  }

  has(name: string): boolean {
    return this.#members[name] !== undefined && this.#members[name] !== null;
  }

  /** As JSON, for telling two requests apart. */
  fingerprint(without: readonly string[] = []): string {
    return JSON.stringify(Object.entries(this.#members).filter(([name]) => !without.includes(name)));
  }

  #typed<T>(name: string, isRight: (value: unknown) => value is T, type: string): T | undefined {
    const value = this.#members[name];
    if (value === undefined || value === null) return undefined;
    if (!isRight(value)) throw new ServiceError('SerializationException', `Unexpected value for ${name}: expected ${type}`);
    return value;
  }
}

/**
 * What AWS answers when a member breaks a constraint of the service's model.
 * @param constraint e.g. `Member must have value less than or equal to 100`
 */
function violation(member: string, value: string | number, constraint: string): string {
  return `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`;
}

/** The message for a number outside its range; `undefined` when it is inside. */
export function outOfRange(member: string, value: number | undefined, least: number, most: number): string | undefined {
  if (value === undefined) return undefined;
  if (value < least) return violation(member, value, `Member must have value greater than or equal to ${least}`);
  if (value > most) return violation(member, value, `Member must have value less than or equal to ${most}`);
  return undefined;
}
