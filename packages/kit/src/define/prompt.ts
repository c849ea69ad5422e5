import type { ContentBlock } from '@modelcontextprotocol/server';
import type { Context } from './context.ts';
import type { Suggest } from './resource.ts';

export interface PromptArgument<Services> {
  description: string;
  required?: boolean;
  /** Suggestions for what has been typed so far, as {@link Suggest}. */
  complete?(...given: Parameters<Suggest<Services>>): ReturnType<Suggest<Services>>;
}

export interface PromptMessage {
  role: 'user' | 'assistant';
  content: ContentBlock;
}

export interface PromptDefinition<Services> {
  name: string;
  title: string;
  description: string;
  arguments?: Record<string, PromptArgument<Services>>;
  messages(values: Record<string, string>, context: Context<Services>): Promise<PromptMessage[]> | PromptMessage[];
}

export interface Prompt<Services = unknown> {
  readonly definition: PromptDefinition<Services>;
}

/** Defines a prompt that a user picks from the client's menu. */
export function definePrompt<Services = unknown>(definition: PromptDefinition<Services>): Prompt<Services> {
  return { definition };
}

/** A text message from the user. */
export function userText(text: string): PromptMessage {
  return { role: 'user', content: { type: 'text', text } };
}
