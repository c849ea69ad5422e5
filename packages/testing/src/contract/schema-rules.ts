type Schema = Record<string, unknown>;

/** Keywords that small validators in clients reject or silently drop. */
const UNPORTABLE = ['anyOf', 'oneOf', 'allOf', 'not', '$ref', 'if', 'patternProperties', 'prefixItems', 'unevaluatedProperties'];

/** What some client is known to mishandle in an input schema, as `path: problem`. Empty when every client accepts it. */
export function inputSchemaProblems(schema: unknown): string[] {
  const problems: string[] = [];
  if (!isSchema(schema) || schema.type !== 'object') return ['(root): is not an object schema'];
  if (schema.additionalProperties !== false) problems.push('(root): allows unknown arguments');
  collectProblems(schema, '', problems);
  return problems;
}

/** What some client is known to mishandle in an output schema, as `path: problem`: several types, also one that may be null. */
export function outputSchemaProblems(schema: unknown, path = ''): string[] {
  if (!isSchema(schema)) return [];
  const at = path === '' ? '(root)' : path;
  const inner = Object.entries(isSchema(schema.properties) ? schema.properties : {});
  return [
    ...(Array.isArray(schema.type) ? [`${at}: has several types; make it optional instead of nullable`] : []),
    ...['anyOf', 'oneOf'].filter((key) => key in schema).map((key) => `${at}: uses ${key}`),
    ...inner.flatMap(([name, property]) => outputSchemaProblems(property, path === '' ? name : `${path}.${name}`)),
    ...outputSchemaProblems(schema.items, `${path}[]`),
    ...outputSchemaProblems(schema.additionalProperties, `${path}{}`),
  ];
}

function collectProblems(schema: Schema, path: string, problems: string[]): void {
  const at = path === '' ? '(root)' : path;
  for (const key of UNPORTABLE) if (key in schema) problems.push(`${at}: uses ${key}`);
  if (Array.isArray(schema.type)) problems.push(`${at}: has several types`);
  if (path !== '' && schema.type === undefined) problems.push(`${at}: has no type`);
  if (path !== '' && !path.endsWith('[]') && typeof schema.description !== 'string') problems.push(`${at}: has no description`);
  if (isSchema(schema.items)) collectProblems(schema.items, `${path}[]`, problems);
  else if (schema.type === 'array') problems.push(`${at}: does not say what it is an array of`);
  // Half a million wrong items are half a million errors, unless the array is too long to be looked at.
  if (schema.type === 'array' && schema.maxItems === undefined) problems.push(`${at}: is an array of any length`);
  for (const [name, property] of Object.entries(isSchema(schema.properties) ? schema.properties : {})) {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) problems.push(`${path}${name}: is not snake_case`);
    if (isSchema(property)) collectProblems(property, path === '' ? name : `${path}.${name}`, problems);
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
