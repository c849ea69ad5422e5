import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { amountFormat, parseAmount, sum } from './amounts.ts';

const dollars = amountFormat('USD');

describe('an amount', () => {
  it.each([
    ['1234.5', '$1,234.50'],
    ['-1234.5', '−$1,234.50'],
    ['0', '$0.00'],
    ['0.004', '<$0.01'],
    ['-0.004', '>−$0.01'],
    ['99999.99', '$99,999.99'],
    ['1234567.89', '$1,234,568'],
    ['1234567890', '$1.23B'],
  ])('%s is written %s', (amount, text) => {
    expect(dollars.amount(new Big(amount))).toBe(text);
  });

  it('has a sign, fewer decimals or a short form where a chart asks for it', () => {
    expect(dollars.amount(new Big('4918.2'), { signed: true })).toBe('+$4,918.20');
    expect(dollars.amount(new Big('4918.2'), { signed: true, detail: 'whole' })).toBe('+$4,918');
    expect(dollars.amount(new Big('0.2'), { signed: true, detail: 'whole' })).toBe('<+$1');
    expect(dollars.amount(new Big('4918.2'), { signed: true, detail: 'short' })).toBe('+$4.92K');
    expect(dollars.amount(new Big(0), { signed: true })).toBe('$0.00');
  });

  it('has the decimals and the name of its currency', () => {
    expect(amountFormat('JPY').amount(new Big('1234'))).toBe('¥1,234');
    expect(amountFormat('KWD').amount(new Big('1.5'))).toBe('KWD 1.500');
    expect(amountFormat('CAD').amount(new Big('1.5'))).toBe('CA$1.50');
    expect(amountFormat('KWD').amount(new Big('43210'), { detail: 'short' })).toBe('43.2K');
  });

  it('is added up exactly', () => {
    expect(sum([parseAmount('0.1', 'a'), parseAmount('0.2', 'b')]).toFixed()).toBe('0.3');
  });

  it.each(['', '1,5', '$1', 'NaN', 'Infinity', '1e9999', '0x10'])('cannot be read from "%s"', (text) => {
    expect(() => parseAmount(text, 'x')).toThrow('The amount of x');
  });
});

describe('the marks of an axis', () => {
  it('have the same number of decimals, and a zero that is just that', () => {
    expect(dollars.ticks([0, 0.5, 1])).toEqual(['$0', '$0.50', '$1.00']);
    expect(dollars.ticks([-20, 0, 20])).toEqual(['−$20', '$0', '$20']);
    expect(dollars.ticks([0, 0.000_01, 0.000_02])).toEqual(['$0', '$0.00001', '$0.00002']);
    expect(dollars.ticks([23.5e6, 24e6, 24.5e6])).toEqual(['$23.5M', '$24.0M', '$24.5M']);
    expect(dollars.ticks([0, 5_000, 10_000])).toEqual(['$0', '$5K', '$10K']);
  });

  it('are written in full where a short form would make them equal', () => {
    expect(dollars.ticks([12_340, 12_345, 12_350])).toEqual(['$12,340', '$12,345', '$12,350']);
  });
});
