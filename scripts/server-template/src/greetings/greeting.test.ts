import { describe, expect, it } from 'vitest';
import { greeting } from './greeting.ts';

describe('greeting', () => {
  it('greets by name', () => {
    expect(greeting('Hello', 'Ada')).toBe('Hello, Ada!');
  });

  it('leaves out the space around a name', () => {
    expect(greeting('Hello', ' Ada ')).toBe('Hello, Ada!');
  });
});
