import { run } from '@fairway-mcp/kit';
import server from './server.ts';

await run(server);
