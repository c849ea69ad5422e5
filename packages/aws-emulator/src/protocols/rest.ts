import { commonError } from '../common-errors.ts';
import type { Protocol, RestOperation, RestService } from '../service.ts';
import type { ServiceError } from '../wire/errors.ts';
import type { HttpAnswer, HttpRequest } from '../wire/http.ts';
import { XML_DECLARATION, xmlElement } from '../wire/xml.ts';

/**
 * The protocols in which method and path name the operation: REST-JSON and S3's REST-XML.
 * Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html, https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
 */
export const restProtocol: Protocol<RestService> = {
  resolve(service, original) {
    const request = service.normalize?.(original) ?? original;
    for (const [name, operation] of Object.entries(service.operations)) {
      const path = matchPath(operation, request);
      if (path === undefined) continue;
      return {
        name,
        action: `${service.actionPrefix ?? service.name}:${operation.action ?? name}`,
        run(call, requestId) {
          const { query, headers: sent, body: content } = request;
          const { status = 200, headers = {}, body } = operation.run({ path, query, headers: sent, body: content }, call);
          return answer(service, status, body, { ...headers, ...idHeaders(service, requestId) });
        },
      };
    }
    throw commonError(service.errors, 'unknownOperation');
  },

  error(service, error, requestId, request) {
    const headers = { ...error.headers, ...idHeaders(service, requestId) };
    if (request.method === 'HEAD') return { status: error.status, headers, body: '' };
    if (service.protocol === 'rest-json') return jsonError(error, headers);
    const body = xmlElement('Error', {
      Code: error.code,
      Message: error.message,
      ...error.members,
      RequestId: requestId,
      HostId: hostId(requestId),
    });
    return { status: error.status, headers: { 'content-type': 'application/xml', ...headers }, body: XML_DECLARATION + body };
  },
};

function matchPath({ method, path, flag }: RestOperation, request: HttpRequest): string[] | undefined {
  if (method !== request.method || (flag !== undefined && !request.query.has(flag))) return undefined;
  const match = path.exec(request.path);
  return match === null ? undefined : match.slice(1).map((group) => decodeURIComponent(group ?? ''));
}

function answer({ protocol }: RestService, status: number, body: string | Buffer, headers: Readonly<Record<string, string>>): HttpAnswer {
  if (typeof body !== 'string') return { status, headers, body };
  const type: Readonly<Record<string, string>> =
    body === '' ? {} : { 'content-type': protocol === 'rest-json' ? 'application/json' : 'application/xml' };
  return { status, headers: { ...type, ...headers }, body: protocol === 'rest-xml' && body !== '' ? XML_DECLARATION + body : body };
}

function jsonError({ code, message, status, members }: ServiceError, headers: Readonly<Record<string, string>>): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, ...headers },
    body: JSON.stringify({ message, ...members }),
  };
}

function idHeaders({ protocol }: RestService, requestId: string): Readonly<Record<string, string>> {
  return protocol === 'rest-json' ? { 'x-amzn-requestid': requestId } : { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId) };
}

function hostId(requestId: string): string {
  return Buffer.from(`host/${requestId}`).toString('base64');
}
