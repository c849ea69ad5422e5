import { describe, expect, it } from 'vitest';
import { changesetProblems } from './changesets.ts';

describe('a changeset', () => {
  const names = ['@fairway-mcp/weather'];

  it('is accepted when it names packages that exist, a bump for each, and what has changed', () => {
    expect(changesetProblems('---\n"@fairway-mcp/weather": minor\n---\n\nTells the wind.\n', names)).toEqual([]);
    expect(changesetProblems('---\n---\n\nNothing to release.\n', names)).toEqual([]);
  });

  it.each([
    ['Tells the wind.', 'front matter'],
    ['---\n"@fairway-mcp/wether": minor\n---\n\nx', 'no package "@fairway-mcp/wether"'],
    ['---\n"@fairway-mcp/weather": big\n---\n\nx', '"big" must be'],
    ['---\nweather\n---\n\nx', '"weather" must be'],
    ['---\n"@fairway-mcp/weather": minor\n---\n\n', 'does not say what has changed'],
  ])('is rejected when it reads %j', (text, problem) => {
    expect(changesetProblems(text, names)).toEqual([expect.stringContaining(problem)]);
  });
});
