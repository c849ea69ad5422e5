import { defineServer } from '@fairway-mcp/kit';
import manifest from '../package.json' with { type: 'json' };
import { config } from './config.ts';
import { createServices } from './services.ts';

export default defineServer({
  name: 'cost',
  title: 'Cost',
  description: manifest.description,
  version: manifest.version,
  config,
  services: createServices,
  tools: [],
  health: (services, signal) => services.check(signal),
  doctor: (services, signal) => services.check(signal),
  close: (services) => services.close(),
});
