import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../define/catalog.ts';
import { defineServer } from '../define/server.ts';
import { defineTool } from '../define/tool.ts';
import { createParamHeaderCheck } from './param-headers.ts';

const header = (name: string) => ({ description: 'Travels', 'x-mcp-header': name });

const tool = defineTool({
  name: 'look',
  title: 'Look',
  description: 'Looks somewhere.',
  access: 'read',
  input: z.object({
    region: z.string().optional().meta(header('Region')),
    page: z.int().optional().meta(header('Page')),
    deep: z.object({ all: z.boolean().meta(header('All')) }).optional(),
    other: z.string().optional(),
  }),
  output: z.object({}),
  run: () => ({}),
  text: () => '',
});

const server = defineServer({
  name: 'looks',
  title: 'Looks',
  description: 'Looks somewhere.',
  version: '1.0.0',
  config: z.object({}),
  services: () => ({}),
  tools: [tool],
});

const catalog = createCatalog(server, { readOnly: false });
const check = createParamHeaderCheck(catalog);
const encoded = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;

describe('headers that repeat arguments', () => {
  it.each([
    ['nothing to repeat', {}, {}],
    ['an argument that does not travel', { other: 'x' }, {}],
    ['a header without its argument', {}, { 'mcp-param-region': 'x' }],
    ['the same text', { region: 'eu-west-1' }, { 'mcp-param-region': 'eu-west-1' }],
    ['spaces around it', { region: 'eu-west-1' }, { 'mcp-param-region': '  eu-west-1 ' }],
    ['the same text in Base64', { region: 'Zürich' }, { 'mcp-param-region': encoded('Zürich') }],
    ['half of the Base64 marks, which is text', { region: '=?base64?eA==' }, { 'mcp-param-region': '=?base64?eA==' }],
    ['a number', { page: 42 }, { 'mcp-param-page': '42.0' }],
    ['a switch further in', { deep: { all: false } }, { 'mcp-param-all': 'false' }],
    ['arguments that are none', 'text', {}],
  ])('agree: %s', (_what, given, headers) => {
    expect(check(headers, 'look', given)).toBeUndefined();
  });

  it.each([
    ['missing', { region: 'x' }, {}, 'missing'],
    ['other text', { region: 'x' }, { 'mcp-param-region': 'y' }, 'disagree'],
    ['Base64 of other text', { region: 'x' }, { 'mcp-param-region': encoded('y') }, 'disagree'],
    ['Base64 without its padding', { region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVsbG8?=' }, 'not valid Base64'],
    ['another number', { page: 42 }, { 'mcp-param-page': '43' }, 'disagree'],
    ['a number in another notation', { page: 42 }, { 'mcp-param-page': '0x2A' }, 'disagree'],
    ['a missing one further in', { deep: { all: true } }, {}, 'mcp-param-all'],
  ])('do not agree: %s', (_what, given, headers, problem) => {
    expect(check(headers, 'look', given)).toContain(problem);
  });

  it('are read from the listing of a tool that the kit does not compile', () => {
    const properties = { at: { type: 'string', 'x-mcp-header': 'At' } };
    const added = { name: 'added', inputSchema: { type: 'object' as const, properties } };
    const checkAdded = createParamHeaderCheck({ ...catalog, listings: () => [...catalog.listings(), added] });
    expect(checkAdded({}, 'added', { at: 'x' })).toContain('mcp-param-at');
  });

  it('are not expected of names that are no tool', () => {
    for (const name of ['nobody', 'constructor', '__proto__']) expect(check({}, name, { at: 'x' })).toBeUndefined();
  });
});
