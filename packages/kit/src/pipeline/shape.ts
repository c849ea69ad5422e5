import type { ContentBlock } from '@modelcontextprotocol/server';
import type { CompiledTool } from '../define/catalog.ts';
import { ToolError } from '../protocol/errors.ts';
import { continueList, type Page } from './cursor.ts';
import type { Answer } from './outcome.ts';

type Fields = Record<string, unknown>;

/**
 * Turns a tool's output into an answer: cuts the page, checks the output schema, renders the text and keeps to the byte budget.
 * @throws ToolError `budget_exceeded` when even the smallest form is too large.
 */
export function shape(tool: CompiledTool, raw: unknown, budgetBytes: number, page?: Page, services?: unknown): Answer {
  if (page === undefined) {
    const answer = render(tool, check(tool, raw));
    if (sizeOf(answer) > budgetBytes) throw tooLarge(tool, budgetBytes);
    return answer;
  }
  return shapePage(tool, page, raw as Fields, budgetBytes, services);
}

function shapePage(tool: CompiledTool, page: Page, raw: Fields, budgetBytes: number, services: unknown): Answer {
  const { list, limit, offset: start } = page;
  const items = raw[list];
  if (!Array.isArray(items)) throw new TypeError(`${tool.definition.name} returned no array in "${list}".`);
  const cursorAt = continueList(tool, page, raw, services);
  let count = Math.min(limit, Math.max(0, items.length - start));
  for (;;) {
    const end = start + count;
    const more = end < items.length;
    const cursor = more ? cursorAt(end) : undefined;
    const output = { ...raw, [list]: items.slice(start, end), total: items.length, ...(more && { next_cursor: cursor }) };
    const answer = render(tool, check(tool, output), more || start > 0 ? pageNote(start, end, items.length, cursor) : undefined);
    const size = sizeOf(answer);
    if (size <= budgetBytes) return answer;
    if (count <= 1) throw tooLarge(tool, budgetBytes);
    count = fewer(count, size, budgetBytes);
  }
}

/** A little fewer than would fit if all items had the same size: two or three rounds are enough. */
function fewer(count: number, size: number, budgetBytes: number): number {
  return Math.max(1, Math.min(count - 1, Math.floor((count * budgetBytes * 0.9) / size)));
}

/** With the cursor itself, for models that are given the text alone. */
function pageNote(start: number, end: number, total: number, cursor: string | undefined): string {
  if (end === start) return `\nThere are no items after number ${total}.`;
  const shown = `\nShowing ${start + 1} to ${end} of ${total}.`;
  return cursor === undefined ? shown : `${shown} For more, repeat the arguments and add this one:\ncursor: ${cursor}`;
}

function check(tool: CompiledTool, raw: unknown): Fields {
  const result = tool.output.safeParse(raw);
  if (result.success) return result.data;
  throw new TypeError(`${tool.definition.name} returned an output that does not fit its schema: ${result.error.message}`);
}

function render(tool: CompiledTool, value: Fields, note = ''): Answer {
  const { text, content } = tool.definition;
  const blocks: ContentBlock[] = content === undefined ? [{ type: 'text', text: text(value) + note }] : content(value);
  return { kind: 'answer', content: blocks, structured: { value, json: JSON.stringify(value) }, isError: false };
}

/** Bytes on the wire, approximately: the structured part is exact, of the content only text and data count. */
function sizeOf({ content, structured }: Answer): number {
  const structuredBytes = structured === undefined ? 0 : Buffer.byteLength(structured.json);
  return content.reduce((sum, block) => sum + blockBytes(block), structuredBytes);
}

function blockBytes(block: ContentBlock): number {
  return block.type === 'text' ? Buffer.byteLength(block.text) : JSON.stringify(block).length;
}

function tooLarge(tool: CompiledTool, budgetBytes: number): ToolError {
  return new ToolError({
    kind: 'budget_exceeded',
    message: `The answer of ${tool.definition.name} is larger than ${budgetBytes} bytes.`,
    remedy: 'Ask for less (a narrower filter), or let the operator raise --response-budget-bytes.',
  });
}
