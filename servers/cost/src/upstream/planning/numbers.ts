import { AwsError } from '@fairway-mcp/aws';
import { Big } from 'big.js';
import { type Units, unitsOfText } from '../../bill/units.ts';

/** An amount that AWS gives as text, or as a JSON number where it does so. @throws AwsError when it is none */
export function amountOf(action: string, given: string | number | undefined): Units {
  const found = optionalAmount(action, given);
  if (found === undefined) throw new AwsError(action, 'invalid_answer', 'MissingAmount');
  return found;
}

export function optionalAmount(action: string, given: string | number | undefined): Units | undefined {
  if (given === undefined || given === '') return undefined;
  try {
    const units = unitsOfText(new Big(given).toFixed());
    if (units !== undefined) return units;
  } catch {
    // Answered below, as what is no decimal number.
  }
  throw new AwsError(action, 'invalid_answer', 'NotAnAmount');
}

/** A share that AWS gives as text, in percent with one decimal. */
export function percentOf(action: string, given: string | undefined): number | undefined {
  const units = optionalAmount(action, given);
  return units === undefined ? undefined : Math.round(Number(units) / 1e9) / 10;
}
