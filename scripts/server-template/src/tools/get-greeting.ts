import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { greeting } from '../greetings/greeting.ts';
import type { Services } from '../services.ts';

export const getGreeting = defineTool({
  name: 'get_greeting',
  title: 'Get greeting',
  description: 'A greeting for a person, in the words that the operator of this server has chosen.',
  access: 'read',
  openWorld: false,
  input: z.object({ name: z.string().min(1).max(100).describe('Who is greeted') }),
  output: z.object({ greeting: z.string() }),
  run({ name }, { services }: Context<Services>) {
    return { greeting: greeting(services.salutation, name) };
  },
  text: (answer) => answer.greeting,
});
