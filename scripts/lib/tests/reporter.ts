import fs from 'node:fs';
import path from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { type FailedTest, REPORT_FILE, type SkippedTest, type TestReport } from './report.ts';

/** Writes the report of a vitest run into the room that it ran in, also when a file could not be loaded. */
export class ReportWriter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const report: TestReport = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failed: [
        ...tests.flatMap(failureOf),
        ...modules.flatMap(brokenFile),
        ...unhandled.map(({ message }) => ({ name: '(outside of any test)', message })),
      ],
      skipped: tests.flatMap(skipOf),
    };
    fs.mkdirSync(path.dirname(REPORT_FILE), { recursive: true });
    fs.writeFileSync(REPORT_FILE, JSON.stringify(report));
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

/** A file that failed as a whole: it could not be loaded, or one of its hooks threw. */
function brokenFile(module: TestModule): FailedTest[] {
  const suites = [...module.children.allSuites()];
  return [...module.errors(), ...suites.flatMap((suite) => suite.errors())].map(({ message }) => ({
    name: module.relativeModuleId,
    message,
  }));
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}
