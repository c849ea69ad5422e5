import type { Config } from './config.ts';

/** What the tools work with. */
export interface Services {
  salutation: string;
}

export function createServices({ salutation }: Config): Services {
  return { salutation };
}
