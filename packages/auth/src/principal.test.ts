import { describe, expect, it } from 'vitest';
import { hasScope, isScope } from './principal.ts';

describe('scopes', () => {
  it.each([
    [['*'], 'weather:read', true],
    [['weather:*'], 'weather:destroy', true],
    [['weather:read'], 'weather:read', true],
    [['weather:read'], 'weather:write', false],
    [['weather:*'], 'weather-history:read', false],
    [['golf:*', 'cost:read'], 'cost:read', true],
    [[], 'weather:read', false],
    [['weather:re'], 'weather:read', false],
    [['weather'], 'weather', true],
    [[':*'], ':read', true],
    [['*:read'], 'weather:read', false],
  ])('granted %j, needed %s: %s', (granted, needed, expected) => {
    expect(hasScope(granted, needed)).toBe(expected);
  });

  it.each([
    ['weather:read', true],
    ['tag-compliance:*', true],
    ['*', true],
    ['weather', false],
    ['Weather:read', false],
    ['weather:read write', false],
    ['*:read', false],
  ])('%s is a valid scope: %s', (text, expected) => {
    expect(isScope(text)).toBe(expected);
  });
});
