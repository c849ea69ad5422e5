import { defineServer } from '@fairway-mcp/kit';
import manifest from '../package.json' with { type: 'json' };
import { config } from './config.ts';
import { createServices } from './services.ts';
import { getGreeting } from './tools/get-greeting.ts';

export default defineServer({
  name: 'server-template',
  title: 'Server template',
  description: manifest.description,
  version: manifest.version,
  config,
  services: createServices,
  tools: [getGreeting],
});
