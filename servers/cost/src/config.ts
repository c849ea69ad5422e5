import * as z from 'zod';

/** The settings of this server. Flags, environment names, help, the README's table and server.json all come from here. */
export const config = z.object({
  salutation: z.string().min(1).default('Hello').meta({ description: 'The word to greet with.' }),
});

export type Config = z.output<typeof config>;
