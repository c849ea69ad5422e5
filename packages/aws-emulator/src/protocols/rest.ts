import { commonError } from '../common-errors.ts';
import type { Protocol, RestService, Route } from '../service.ts';
import type { ServiceError } from '../wire/errors.ts';
import type { HttpAnswer, HttpRequest } from '../wire/http.ts';
import { XML_DECLARATION, xmlElement } from '../wire/xml.ts';

/**
 * The protocols in which method and path say what is wanted: REST-JSON and S3's REST-XML.
 * Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html, https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
 */
export const restProtocol: Protocol<RestService> = {
  resolve(service, original) {
    const request = service.normalize?.(original) ?? original;
    for (const route of service.routes) {
      const groups = matchRoute(route, request);
      if (groups === undefined) continue;
      return {
        operation: route.operation,
        action: `${service.actionPrefix ?? service.name}:${route.action ?? route.operation}`,
        run(call, requestId) {
          const { status = 200, headers = {}, body } = route.run({ path: groups, query: request.query, headers: request.headers }, call);
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

function matchRoute({ method, path, flag }: Route, request: HttpRequest): string[] | undefined {
  if (method !== request.method || (flag !== undefined && !request.query.has(flag))) return undefined;
  const match = path.exec(request.path);
  return match === null ? undefined : match.slice(1).map((group) => decodeURIComponent(group ?? ''));
}

function answer({ protocol }: RestService, status: number, body: string, headers: Readonly<Record<string, string>>): HttpAnswer {
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
