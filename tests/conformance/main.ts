import { run } from '@fairway-mcp/kit';
import { conformanceServer } from './server.ts';

await run(conformanceServer);
