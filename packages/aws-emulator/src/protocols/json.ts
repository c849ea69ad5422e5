import { crc32 } from 'node:zlib';
import { commonError } from '../common-errors.ts';
import type { JsonService, Protocol } from '../service.ts';
import type { HttpAnswer } from '../wire/http.ts';
import { JsonInput } from '../wire/json-input.ts';

/**
 * AWS JSON 1.0 and 1.1: the operation's name is in `X-Amz-Target`, the error's in `__type`.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export const jsonProtocol: Protocol<JsonService> = {
  resolve(service, request) {
    const [target = '', operation = ''] = (request.headers['x-amz-target'] ?? '').split('.');
    const run = target === service.target ? service.operations[operation] : undefined;
    if (run === undefined) throw commonError(service.errors, 'unknownOperation');
    return {
      name: operation,
      action: `${service.actionPrefix ?? service.name}:${operation}`,
      run: (call, requestId) => json(service, 200, JSON.stringify(run(JsonInput.parse(request.body), call)) ?? '', requestId),
    };
  },

  error(service, { code, message, status, members, headers }, requestId) {
    const type = service.errorNamespace === undefined ? code : `${service.errorNamespace}#${code}`;
    const answer = json(service, status, JSON.stringify({ __type: type, message, ...members }), requestId);
    return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': code, ...headers } };
  },
};

function json(service: JsonService, status: number, body: string, requestId: string): HttpAnswer {
  // DynamoDB lets clients notice a damaged answer.
  const checksum: Readonly<Record<string, string>> = service.name === 'dynamodb' ? { 'x-amz-crc32': String(crc32(body)) } : {};
  return {
    status,
    headers: { 'content-type': `application/x-amz-${service.protocol}`, 'x-amzn-requestid': requestId, ...checksum },
    body,
  };
}
