import { expect, it } from 'vitest';
import { definitionTokens, MAX_DEFINITION_TOKENS } from './definition-size.ts';
import { inputSchemaProblems, outputSchemaProblems } from './schema-rules.ts';
import type { SharedServer } from './shared-server.ts';

/** Tests what models and hosts read about each tool. */
export function testDefinitions(server: SharedServer, withExample: readonly string[]): void {
  it('gives every tool a unique snake_case name, a title and a description of reasonable length', () => {
    expect(new Set(server.tools.map(({ name }) => name)).size).toBe(server.tools.length);
    for (const { name, title, description } of server.tools) {
      expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)+$|^[a-z]+$/);
      expect(title.length).toBeGreaterThan(2);
      expect(description.length, name).toBeGreaterThan(20);
      expect(description.length, name).toBeLessThan(600);
    }
  });

  it('annotates every tool with all four MCP hints, without contradiction', () => {
    for (const { name, annotations } of server.tools) {
      const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
      for (const hint of [readOnlyHint, destructiveHint, idempotentHint, openWorldHint]) expect(hint, name).toBeTypeOf('boolean');
      expect(readOnlyHint && destructiveHint, name).toBe(false);
    }
  });

  it('uses only JSON Schema features that every known client supports in input schemas', () => {
    for (const { name, inputSchema } of server.tools) expect(inputSchemaProblems(inputSchema), name).toEqual([]);
  });

  it('declares an output schema for every tool, of types that every known client can read', () => {
    for (const { name, outputSchema } of server.tools) {
      expect(outputSchema, name).toMatchObject({ type: 'object' });
      expect(outputSchemaProblems(outputSchema), name).toEqual([]);
    }
  });

  it(`keeps all definitions together within ${MAX_DEFINITION_TOKENS} tokens`, () => {
    expect(definitionTokens(server.tools)).toBeLessThanOrEqual(MAX_DEFINITION_TOKENS);
  });

  it('has an example call in this test for every read-only tool, and for no tool that does not exist', () => {
    const readOnly = server.tools.filter(({ annotations }) => annotations.readOnlyHint === true).map(({ name }) => name);
    expect(readOnly.filter((name) => !withExample.includes(name))).toEqual([]);
    expect(withExample.filter((name) => !server.tools.some((tool) => tool.name === name))).toEqual([]);
  });
}
