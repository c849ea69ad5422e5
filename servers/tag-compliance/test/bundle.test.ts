import { bundleSuite } from '@fairway-mcp/testing';
import { args, examples } from './examples.ts';

bundleSuite({
  program: new URL('../dist/main.js', import.meta.url),
  args,
  example: { name: 'check_tag_compliance', arguments: examples.check_tag_compliance },
});
