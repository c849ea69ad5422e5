import * as z from 'zod';

/** Everything that can be set, besides what every Fairway server has. */
export const config = z.object({
  sample: z.boolean().default(false).meta({ description: 'Answer from a made-up bill instead of a real one. Every answer says so.' }),
  sampleSize: z.int().min(30).max(5000).default(400).meta({ description: 'Resources of the made-up organization.' }),
  sampleSeed: z.int().min(0).default(1).meta({ description: 'Which made-up organization: the same seed gives the same bill.' }),
});

export type Config = z.output<typeof config>;
