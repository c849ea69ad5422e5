import * as z from 'zod';

/** How a setting's text is read. */
export type SettingType = 'text' | 'number' | 'switch' | 'choice' | 'list';

/** One setting, as everything that shows or reads settings needs it: flags, environment, help, README table, server.json. */
export interface Setting {
  /** The key in the zod object and in the configuration file: `stateDir`. */
  key: string;
  /** `--state-dir` */
  flag: string;
  /** `FAIRWAY_STATE_DIR`, or a standard name (`OTEL_SERVICE_NAME`). */
  env: string;
  type: SettingType;
  description: string;
  /** Shown in help behind the flag, e.g. `[host:]port`. */
  placeholder: string;
  choices: readonly string[];
  /** The default as text, or undefined when there is none. */
  fallback: string | undefined;
  required: boolean;
  secret: boolean;
  /** What its text is the path of, so that clients can offer a picker. */
  path?: 'file' | 'directory';
  /** The schema that validates its value. */
  schema: z.ZodType;
}

/** What a setting's schema may carry in `.meta()`, besides `description`. */
interface SettingMeta {
  description?: string;
  placeholder?: string;
  env?: string;
  secret?: boolean;
  path?: 'file' | 'directory';
}

/** Reads the settings off a zod object. A setting without a description is a programming error. */
export function settingsOf(schema: z.ZodObject): Setting[] {
  return Object.entries(schema.shape).map(([key, field]) => settingOf(key, field as z.ZodType));
}

function settingOf(key: string, schema: z.ZodType): Setting {
  const { inner, fallback, optional, meta } = unwrap(schema);
  if (meta.description === undefined) throw new TypeError(`Setting "${key}" has no description.`);
  const type = typeOf(key, inner);
  const kebab = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const choices = inner instanceof z.ZodEnum ? inner.options.map(String) : [];
  return {
    key,
    flag: `--${kebab}`,
    env: meta.env ?? `FAIRWAY_${kebab.replaceAll('-', '_').toUpperCase()}`,
    type,
    description: meta.description,
    placeholder: type === 'switch' ? '' : (meta.placeholder ?? (choices.length > 0 ? choices.join('|') : PLACEHOLDERS[type])),
    choices,
    fallback: fallback === undefined ? undefined : asText(fallback),
    required: !optional && fallback === undefined,
    secret: meta.secret === true,
    ...(meta.path !== undefined && { path: meta.path }),
    schema,
  };
}

const PLACEHOLDERS: Record<SettingType, string> = { text: 'TEXT', number: 'N', switch: '', choice: 'NAME', list: 'A,B' };

interface Unwrapped {
  inner: z.ZodType;
  fallback: unknown;
  optional: boolean;
  meta: SettingMeta;
}

/** Unwraps optional and default. The outermost description and marks win. */
function unwrap(schema: z.ZodType): Unwrapped {
  const meta = (schema.meta() ?? {}) as SettingMeta;
  if (schema instanceof z.ZodOptional) {
    const deeper = unwrap(schema.unwrap() as z.ZodType);
    return { ...deeper, optional: true, meta: { ...deeper.meta, ...meta } };
  }
  if (schema instanceof z.ZodDefault) {
    const deeper = unwrap(schema.unwrap() as z.ZodType);
    return { ...deeper, fallback: schema.def.defaultValue, meta: { ...deeper.meta, ...meta } };
  }
  return { inner: schema, fallback: undefined, optional: false, meta };
}

const TYPES: Partial<Record<z.ZodType['def']['type'], SettingType>> = {
  string: 'text',
  number: 'number',
  boolean: 'switch',
  enum: 'choice',
  array: 'list',
};

function typeOf(key: string, schema: z.ZodType): SettingType {
  const type = TYPES[schema.def.type];
  if (type === undefined)
    throw new TypeError(`Setting "${key}" must be a string, number, boolean, enum or array of strings, optional or with a default.`);
  return type;
}

export function asText(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
