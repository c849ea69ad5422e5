import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Copy } from './support/copy.ts';
import { openCopy } from './support/shared-copy.ts';

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

/** Each rule, and an import that breaks it: which file has it, and what it imports. The files are written into a copy. */
const PLANTED: Readonly<Record<string, { file: string; imports: string; typeOnly?: true }>> = {
  resolvable: { file: 'servers/tides/src/upstream/deep-by-name.ts', imports: '@fairway-mcp/kit/src/run.ts' },
  declared: { file: 'servers/tides/src/upstream/undeclared.ts', imports: 'dependency-cruiser' },
  'no-cycles': { file: 'servers/tides/src/ring/start.ts', imports: './end.ts' },
  'no-dead-files': { file: 'packages/cache/src/forgotten.ts', imports: './port.ts' },
  'no-deep-imports': { file: 'packages/telemetry/test/deep.ts', imports: '../../store/src/sqlite.ts' },
  'dev-only-stays-out': { file: 'servers/tides/src/upstream/dev.ts', imports: 'vitest' },
  'tests-stay-out': { file: 'servers/tides/src/upstream/helped.ts', imports: '@fairway-mcp/testing' },
  'packages-do-not-know-servers': { file: 'packages/kit/src/knows.ts', imports: '../../../servers/tides/src/services.ts' },
  'servers-stand-alone': { file: 'servers/tides/src/upstream/neighbour.ts', imports: '../../../clouds/src/services.ts' },
  'packages-stand-alone': { file: 'packages/auth/src/store.ts', imports: '../../store/src/index.ts' },
  'kit-imports': { file: 'packages/kit/src/aws.ts', imports: '../../aws/src/index.ts' },
  'kit-util': { file: 'packages/kit/src/util/errors.ts', imports: '../protocol/errors.ts' },
  'kit-protocol': { file: 'packages/kit/src/protocol/tool.ts', imports: '../define/tool.ts', typeOnly: true },
  'kit-config': { file: 'packages/kit/src/config/neighbour.ts', imports: '../define/server.ts' },
  'kit-define': { file: 'packages/kit/src/define/run.ts', imports: '../pipeline/run.ts' },
  'kit-pipeline': { file: 'packages/kit/src/pipeline/tasks.ts', imports: '../tasks/view.ts' },
  'kit-tasks': { file: 'packages/kit/src/tasks/lists.ts', imports: '../sdk/lists.ts' },
  'kit-sdk': { file: 'packages/kit/src/sdk/respond.ts', imports: '../http/respond.ts' },
  'kit-http': { file: 'packages/kit/src/http/wire.ts', imports: '../stdio/wire.ts' },
  'kit-stdio': { file: 'packages/kit/src/stdio/runtime.ts', imports: '../server/runtime.ts' },
  'kit-server': { file: 'packages/kit/src/server/help.ts', imports: '../cli/help.ts' },
  'kit-cli': { file: 'packages/kit/src/cli/run.ts', imports: '../run.ts' },
  'kit-fast-path-is-optional': { file: 'packages/kit/src/http/fast.ts', imports: './fast-path/fast-path.ts' },
  'kit-conformance-stays-out': { file: 'packages/kit/src/raw.ts', imports: './conformance/raw.ts' },
  'testing-imports': { file: 'packages/testing/src/auth.ts', imports: '../../auth/src/index.ts' },
  'aws-imports': { file: 'packages/aws/src/sample.ts', imports: '../../aws-sample/src/index.ts' },
  'aws-billing-imports': { file: 'packages/aws-billing/src/sample.ts', imports: '../../aws-sample/src/index.ts' },
  'aws-arn-is-pure': { file: 'packages/aws/src/arn/client.ts', imports: '../errors.ts' },
  'aws-emulator-imports': { file: 'packages/aws-emulator/src/kit.ts', imports: '../../kit/src/index.ts' },
  'tools-do-not-import-tools': { file: 'servers/tides/src/tools/second.ts', imports: './get-greeting.ts' },
  'tools-ask-their-services': { file: 'servers/tides/src/tools/third.ts', imports: '../upstream/dev.ts', typeOnly: true },
  'tools-know-services-by-type': { file: 'servers/tides/src/tools/fourth.ts', imports: '../services.ts' },
  'tools-import-kit-and-validation': { file: 'servers/tides/src/tools/fifth.ts', imports: '@fairway-mcp/aws' },
  'tools-reach-nothing': { file: 'servers/tides/src/tools/sixth.ts', imports: 'pino' },
  'tools-use-pure-node': { file: 'servers/tides/src/tools/seventh.ts', imports: 'node:fs' },
  'domain-is-pure': { file: 'servers/tides/src/greetings/configured.ts', imports: '../config.ts', typeOnly: true },
  'domain-imports-validation': { file: 'servers/tides/src/greetings/kit.ts', imports: '@fairway-mcp/kit' },
  'domain-knows-charts-by-type': { file: 'servers/tides/src/greetings/drawn.ts', imports: '@fairway-mcp/charts' },
  'domain-reaches-nothing': { file: 'servers/tides/src/greetings/library.ts', imports: 'pino' },
  'domain-uses-pure-node': { file: 'servers/tides/src/greetings/network.ts', imports: 'node:http' },
  'upstream-looks-outward': { file: 'servers/tides/src/upstream/inward.ts', imports: '../tools/get-greeting.ts' },
};

const WORKSPACE = ['packages', 'servers', 'scripts', 'tests', 'tsup.shared.ts', 'vitest.shared.ts', 'vitest-slow.shared.ts'];

let copy: Copy;

/** What dependency-cruiser says of the copy's servers and of what was planted. */
function cruise(): Violation[] {
  const { output } = copy.run('depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...WORKSPACE]);
  return JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)).summary.violations;
}

beforeAll(() => {
  copy = openCopy();
});

afterAll(() => copy?.remove());

describe('import rules', () => {
  it('accept a new server', () => {
    expect(cruise().filter(({ from }) => from.startsWith('servers/'))).toEqual([]);
  });

  it('each have a violation in this test', async () => {
    const config: { forbidden: { name: string }[] } = (await import(pathToFileURL(copy.file('.dependency-cruiser.mjs')).href)).default;
    expect(Object.keys(PLANTED)).toEqual(config.forbidden.map(({ name }) => name));
  });

  it('report each import that violates them', () => {
    copy.addDependency('servers/tides', '@fairway-mcp/aws', 'workspace:*');
    copy.addDependency('servers/tides', '@fairway-mcp/charts', 'workspace:*');
    copy.addDependency('servers/tides', 'pino', 'catalog:');
    for (const { file, imports, typeOnly } of Object.values(PLANTED)) {
      copy.write(file, typeOnly ? `export type * from '${imports}';\n` : `export * from '${imports}';\n`);
    }
    copy.write('servers/tides/src/ring/end.ts', "export * from './start.ts';\n");
    const found = cruise();
    for (const [rule, { file }] of Object.entries(PLANTED)) {
      expect(
        found.some((violation) => violation.rule.name === rule && (violation.from === file || violation.to === file)),
        rule,
      ).toBe(true);
    }
  });
});
