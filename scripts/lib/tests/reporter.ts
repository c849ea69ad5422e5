import fs from 'node:fs';
import path from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { type FailedTest, reportFile, type SkippedTest, type Speed, type TestReport } from './report.ts';

/** Writes the report of a vitest run into the workspace that it ran in, also when a test file could not be loaded. */
export class ReportWriter implements Reporter {
  readonly #file: string;

  constructor(workspace: string, speed: Speed) {
    this.#file = reportFile(workspace, speed);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const report: TestReport = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failed: [
        ...tests.flatMap(failureOf),
        ...modules.flatMap(fileFailures),
        ...unhandled.map(({ message }) => ({ name: '(outside of any test)', message })),
      ],
      skipped: tests.flatMap(skipOf),
    };
    fs.mkdirSync(path.dirname(this.#file), { recursive: true });
    fs.writeFileSync(this.#file, JSON.stringify(report));
  }
}

function failureOf(test: TestCase): FailedTest[] {
  const { state, errors } = test.result();
  return state === 'failed' ? [{ name: nameOf(test), message: errors?.[0]?.message ?? 'failed without an error' }] : [];
}

function skipOf(test: TestCase): SkippedTest[] {
  const result = test.result();
  return result.state === 'skipped' ? [{ name: nameOf(test), reason: result.note }] : [];
}

/** Errors of a file as a whole: it could not be loaded, or one of its hooks threw. */
function fileFailures(module: TestModule): FailedTest[] {
  const suites = [...module.children.allSuites()];
  return [...module.errors(), ...suites.flatMap((suite) => suite.errors())].map(({ message }) => ({
    name: module.relativeModuleId,
    message,
  }));
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}
