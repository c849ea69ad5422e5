export { readTextFile } from './config/read-text-file.ts';
export type { Command, CommandContext, CommandFlag } from './define/command.ts';
export type { Context, SettleContext, WriteContext } from './define/context.ts';
export type { ConfiguredHost, HostDeclaration } from './define/hosts.ts';
export { definePrompt, type Prompt, userText } from './define/prompt.ts';
export { defineResource, type ListedResource, type Resource, type ResourcePage } from './define/resource.ts';
export {
  type AuditEvent,
  defineServer,
  type Finding,
  type Kit,
  type ReadmeSection,
  type ResourceAnnouncer,
  type ServerDescription,
} from './define/server.ts';
export { type Access, defineTool, type Settlement, type Tool, type WithoutConfirmation } from './define/tool.ts';
export { type ErrorKind, ToolError, UsageError } from './protocol/errors.ts';
export { run } from './run.ts';
