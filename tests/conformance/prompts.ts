import { definePrompt, userText } from '@fairway-mcp/kit';
import { RED_PIXEL } from './samples.ts';

const simple = definePrompt({
  name: 'test_simple_prompt',
  title: 'Simple',
  description: 'A prompt without arguments.',
  messages: () => [userText('This is a simple prompt for testing.')],
});

const withArguments = definePrompt({
  name: 'test_prompt_with_arguments',
  title: 'Arguments',
  description: 'A prompt with two arguments.',
  arguments: {
    arg1: {
      description: 'First test argument',
      required: true,
      complete: (typed) => ['test', 'testing', 'other'].filter((value) => value.startsWith(typed)),
    },
    arg2: { description: 'Second test argument', required: true },
  },
  messages: ({ arg1, arg2 }) => [userText(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
});

const withResource = definePrompt({
  name: 'test_prompt_with_embedded_resource',
  title: 'Resource',
  description: 'A prompt with a resource inside.',
  arguments: { resourceUri: { description: 'URI of the resource to embed', required: true } },
  messages: ({ resourceUri = '' }) => [
    {
      role: 'user',
      content: {
        type: 'resource',
        resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
      },
    },
    userText('Please process the embedded resource above.'),
  ],
});

const withImage = definePrompt({
  name: 'test_prompt_with_image',
  title: 'Image',
  description: 'A prompt with an image inside.',
  messages: () => [
    { role: 'user', content: { type: 'image', data: RED_PIXEL, mimeType: 'image/png' } },
    userText('Please analyze the image above.'),
  ],
});

export const prompts = [simple, withArguments, withResource, withImage];
