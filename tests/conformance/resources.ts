import { defineResource } from '@fairway-mcp/kit';
import { RED_PIXEL } from './samples.ts';

const text = defineResource({
  uri: 'test://static-text',
  name: 'static-text',
  title: 'Text',
  description: 'Some text.',
  mimeType: 'text/plain',
  read: () => ({ text: 'This is the content of the static text resource.' }),
});

const binary = defineResource({
  uri: 'test://static-binary',
  name: 'static-binary',
  title: 'Bytes',
  description: 'One red pixel.',
  mimeType: 'image/png',
  read: () => ({ bytes: Buffer.from(RED_PIXEL, 'base64') }),
});

const watched = defineResource({
  uri: 'test://watched-resource',
  name: 'watched-resource',
  title: 'Watched',
  description: 'Something to subscribe to.',
  mimeType: 'text/plain',
  subscribe: true,
  read: () => ({ text: 'Watched resource content.' }),
});

const template = defineResource({
  uri: 'test://template/{id}/data',
  name: 'template',
  title: 'Template',
  description: 'Data of any id.',
  mimeType: 'application/json',
  read: ({ id }) => ({ text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }),
});

export const resources = [text, binary, watched, template];
