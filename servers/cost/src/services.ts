import type { BillSource } from './bill/question.ts';
import type { Config } from './config.ts';

/** What the tools work with. */
export interface Services {
  salutation: string;
  bill?: BillSource;
}

export function createServices({ salutation }: Config): Services {
  return { salutation };
}
