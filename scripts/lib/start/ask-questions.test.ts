import { describe, expect, it } from 'vitest';
import { argumentsOf } from './ask-questions.ts';

describe('the arguments of a demo question', () => {
  const question = {
    question: 'Which?',
    tool: 'second',
    arguments: { limit: 1 },
    argumentsFrom: { id: { tool: 'first', path: ['items', 0, 'id'] } },
  };

  it('take a value from an earlier answer', () => {
    expect(argumentsOf(question, new Map([['first', { items: [{ id: 'a' }] }]]))).toEqual({ limit: 1, id: 'a' });
  });

  it.each([new Map(), new Map([['first', { items: [] }]])])('are none when the earlier answer lacks the value', (answers) => {
    expect(argumentsOf(question, answers)).toBeUndefined();
  });
});
