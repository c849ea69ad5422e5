import { describe, expect, it } from 'vitest';
import { inputSchemaProblems, outputSchemaProblems } from './schema-rules.ts';

const described = { description: 'What it is for' };
const withProperty = (name: string, property: object) => ({
  type: 'object',
  additionalProperties: false,
  properties: { [name]: { ...described, ...property } },
});

describe('inputSchemaProblems', () => {
  it('accepts described, typed properties, also in lists and nested objects', () => {
    const item = { type: 'object', properties: { count: { ...described, type: 'integer' } } };
    expect(inputSchemaProblems(withProperty('page_sizes', { type: 'array', items: item, maxItems: 9 }))).toEqual([]);
  });

  it.each([
    ['a schema that is not an object', { type: 'string' }, '(root): is not an object schema'],
    ['unknown arguments', { type: 'object', properties: {} }, '(root): allows unknown arguments'],
    ['a union', withProperty('x', { type: 'string', anyOf: [] }), 'x: uses anyOf'],
    ['several types', withProperty('x', { type: ['string', 'null'] }), 'x: has several types'],
    ['a missing type', withProperty('x', {}), 'x: has no type'],
    ['a missing description', withProperty('x', { type: 'string', description: undefined }), 'x: has no description'],
    ['a list of anything', withProperty('x', { type: 'array', maxItems: 9 }), 'x: does not say what it is an array of'],
    ['a list of any length', withProperty('x', { type: 'array', items: { type: 'string' } }), 'x: is an array of any length'],
    ['a union within a list', withProperty('x', { type: 'array', items: { type: 'string', oneOf: [] }, maxItems: 9 }), 'x[]: uses oneOf'],
    ['a name in camel case', withProperty('pageSize', { type: 'string' }), 'pageSize: is not snake_case'],
  ])('reports %s', (_what, schema, problem) => {
    expect(inputSchemaProblems(schema)).toEqual([problem]);
  });
});

describe('outputSchemaProblems', () => {
  const text = { type: 'string' };
  const withProperty = (schema: object) => ({ type: 'object', properties: { rows: { type: 'array', items: schema } } });

  it('accepts properties of one type, however deep', () => {
    expect(outputSchemaProblems(withProperty({ type: 'object', properties: { name: text }, additionalProperties: text }))).toEqual([]);
  });

  it.each([
    [withProperty({ type: ['string', 'null'] }), 'rows[]: has several types; make it optional instead of nullable'],
    [withProperty({ anyOf: [text, { type: 'null' }] }), 'rows[]: uses anyOf'],
    [{ type: 'object', additionalProperties: { oneOf: [text] } }, '{}: uses oneOf'],
  ])('reports what some client cannot read: %j', (schema, problem) => {
    expect(outputSchemaProblems(schema)).toEqual([problem]);
  });
});
