import { run } from '@fairway-mcp/kit';
import { workshop } from './server.ts';

await run(workshop);
