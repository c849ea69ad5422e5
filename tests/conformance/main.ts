import { runWithRawTools } from '@fairway-mcp/kit/conformance';
import { conformanceServer, raw } from './server.ts';

await runWithRawTools(conformanceServer, raw);
