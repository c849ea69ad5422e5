import { readTextFile, UsageError } from '@fairway-mcp/kit';
import { type CompiledPolicy, compilePolicy } from './policy/compile-policy.ts';
import { MAX_BYTES } from './policy/document.ts';
import { type PolicyForm, readPolicy } from './policy/read-policy.ts';

/** A policy in force, and where it came from. */
export interface LoadedPolicy {
  compiled: CompiledPolicy;
  form: PolicyForm;
  /** The file's name, for users. */
  origin: string;
}

/** @throws UsageError with every problem of the policy, at its line. */
export function loadPolicyFile(file: string): LoadedPolicy {
  let text: string;
  try {
    text = readTextFile(file, MAX_BYTES);
  } catch (error) {
    throw new UsageError(`The policy file cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return loadPolicyText(text, file);
}

/** @throws UsageError with every problem of the policy, at its line. */
export function loadPolicyText(text: string, origin: string): LoadedPolicy {
  const reading = readPolicy(text, origin);
  if ('problems' in reading) throw new UsageError(`The policy cannot be used:\n${reading.message}`);
  return { compiled: compilePolicy(reading.policy), form: reading.form, origin };
}
