import { ServiceError } from './errors.ts';

/**
 * The parameters of a query-protocol request. Lists are numbered from 1: `InstanceId.1` in EC2's dialect, `Names.member.1`
 * in the others, and `Filters.Filter.1.Name` where a service names its elements.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html and aws-ec2-query-protocol.html
 */
export class QueryInput {
  readonly #fields: ReadonlyMap<string, string>;
  readonly #prefix: string;

  constructor(fields: ReadonlyMap<string, string>, prefix = '') {
    this.#fields = fields;
    this.#prefix = prefix;
  }

  text(name: string): string | undefined {
    return this.#fields.get(this.#prefix + name);
  }

  /** @throws ServiceError MissingParameter */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw new ServiceError('MissingParameter', `The request must contain the parameter ${name}`);
    return value;
  }

  /** @throws ServiceError InvalidParameterValue when it is there and not a whole number. */
  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    if (!/^-?\d+$/.test(value))
      throw new ServiceError('InvalidParameterValue', `Invalid value '${value}' for ${name}. Must be an integer.`);
    return Number(value);
  }

  flag(name: string): boolean {
    return this.text(name) === 'true';
  }

  /** Values of a list, in order: `list('InstanceId')`, `list('Names.member')`. */
  list(name: string): string[] {
    const values: string[] = [];
    for (let value = this.text(`${name}.1`); value !== undefined; value = this.text(`${name}.${values.length + 1}`)) values.push(value);
    return values;
  }

  /** Elements of a list of structures, in order. */
  structures(name: string): QueryInput[] {
    const found: QueryInput[] = [];
    for (let inner = this.#inner(name, 1); inner.#isThere(); inner = this.#inner(name, found.length + 1)) found.push(inner);
    return found;
  }

  #inner(name: string, position: number): QueryInput {
    return new QueryInput(this.#fields, `${this.#prefix}${name}.${position}.`);
  }

  #isThere(): boolean {
    for (const key of this.#fields.keys()) if (key.startsWith(this.#prefix)) return true;
    return false;
  }
}
