import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScope } from './authorization.ts';
import { ServiceError } from './errors.ts';
import type { HttpRequest } from './http.ts';
import { JsonInput, outOfRange } from './json-input.ts';
import { QueryInput } from './query-input.ts';
import { escapeXml, items, xmlElement, xmlMembers } from './xml.ts';

const SIGNATURE = '0123456789abcdef'.repeat(4);
const HEADER = `AWS4-HMAC-SHA256 Credential=AKIA1/20261115/eu-west-1/ec2/aws4_request, SignedHeaders=host;x-amz-date, Signature=${SIGNATURE}`;

function request(authorization: string | undefined, query = ''): HttpRequest {
  return {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(query),
    headers: authorization === undefined ? {} : { authorization },
    body: '',
  };
}

describe('readScope', () => {
  it('reads key, region and service from the header', () => {
    expect(readScope(request(HEADER))).toEqual({ accessKeyId: 'AKIA1', region: 'eu-west-1', service: 'ec2', sessionToken: undefined });
  });

  it('reads them from a presigned URL', () => {
    const query = `X-Amz-Credential=AKIA1%2F20261115%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature=${SIGNATURE}&X-Amz-Security-Token=token`;
    expect(readScope(request(undefined, query))).toEqual({
      accessKeyId: 'AKIA1',
      region: 'eu-west-1',
      service: 's3',
      sessionToken: 'token',
    });
  });

  it('distinguishes an unsigned request from a malformed signature', () => {
    expect(readScope(request(undefined))).toBe('missing');
    for (const bad of [
      'Bearer abc',
      HEADER.replace('aws4_request', 'aws'),
      HEADER.replace(SIGNATURE, 'short'),
      HEADER.replace('Credential=AKIA1/', 'Credential='),
    ]) {
      expect(readScope(request(bad))).toBe('malformed');
    }
  });
});

describe('XML', () => {
  it('escapes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inner = escapeXml(text);
        expect(inner).not.toMatch(/[<>"\r]|&(?!amp;|lt;|gt;|quot;|#xD;)/);
        const back = inner
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#xD;', '\r')
          .replaceAll('&amp;', '&');
        expect(back).toBe(text);
      }),
    );
  });

  it('writes records, lists and empty elements, and leaves out what is undefined', () => {
    const record = { id: 1, none: undefined, flag: false, tags: items('item', [{ key: 'a&b', value: '' }]), empty: items('item', []) };
    expect(xmlMembers(record)).toBe('<id>1</id><flag>false</flag><tags><item><key>a&amp;b</key><value/></item></tags><empty/>');
    expect(xmlElement('x', undefined)).toBe('');
  });
});

describe('QueryInput', () => {
  const input = new QueryInput(
    new Map([
      ['InstanceId.1', 'i-1'],
      ['InstanceId.2', 'i-2'],
      ['Filter.1.Name', 'a'],
      ['Filter.1.Value.1', 'x'],
      ['Filter.1.Value.2', 'y'],
      ['Filter.2.Name', 'b'],
      ['MaxResults', '12'],
      ['Bad', 'twelve'],
    ]),
  );

  it('reads lists and lists of structures', () => {
    expect(input.list('InstanceId')).toEqual(['i-1', 'i-2']);
    expect(input.structures('Filter').map((filter) => [filter.text('Name'), filter.list('Value')])).toEqual([
      ['a', ['x', 'y']],
      ['b', []],
    ]);
    expect(input.list('Nothing')).toEqual([]);
  });

  it('rejects texts that are not numbers, and missing parameters', () => {
    expect(input.integer('MaxResults')).toBe(12);
    expect(() => input.integer('Bad')).toThrow(ServiceError);
    expect(() => input.required('Nothing')).toThrow(expect.objectContaining({ code: 'MissingParameter' }));
  });
});

describe('JsonInput', () => {
  it('rejects bodies and members of the wrong type', () => {
    const refused = expect.objectContaining({ code: 'SerializationException' });
    for (const body of ['[]', '"text"', '{']) expect(() => JsonInput.parse(body)).toThrow(refused);
    const input = JsonInput.parse('{"text":1,"list":[1],"record":[],"nothing":null}');
    expect(() => input.text('text')).toThrow(refused);
    expect(() => input.texts('list')).toThrow(refused);
    expect(() => input.record('record')).toThrow(refused);
    expect(input.has('nothing')).toBe(false);
    expect(JsonInput.parse('').text('text')).toBeUndefined();
  });

  it('words a number out of range as AWS does', () => {
    expect(outOfRange('maxResults', 101, 1, 100)).toMatch(/'101' at 'maxResults'.*less than or equal to 100/);
    expect(outOfRange('maxResults', 0, 1, 100)).toMatch(/greater than or equal to 1/);
    expect(outOfRange('maxResults', 100, 1, 100)).toBeUndefined();
  });
});
