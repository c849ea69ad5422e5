import { bundleSuite } from '@fairway-mcp/testing';

bundleSuite({
  program: new URL('../dist/main.js', import.meta.url),
  args: ['--sample', '--sample-size', '300'],
  example: { name: 'check_tag_compliance', arguments: { resource_types: ['s3:bucket'] } },
});
