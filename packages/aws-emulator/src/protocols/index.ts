import type { ResolvedOperation, Service } from '../service.ts';
import type { ServiceError } from '../wire/errors.ts';
import type { HttpAnswer, HttpRequest } from '../wire/http.ts';
import { jsonProtocol } from './json.ts';
import { queryProtocol } from './query.ts';
import { restProtocol } from './rest.ts';

/** Finds out which operation a request is for. @throws ServiceError when the service has no such operation. */
export function resolveOperation(service: Service, request: HttpRequest): ResolvedOperation {
  switch (service.protocol) {
    case 'ec2':
    case 'query':
      return queryProtocol.resolve(service, request);
    case 'json-1.0':
    case 'json-1.1':
      return jsonProtocol.resolve(service, request);
    case 'rest-json':
    case 'rest-xml':
      return restProtocol.resolve(service, request);
  }
}

/** Puts an error into the words and form of the service's protocol. */
export function renderError(service: Service, error: ServiceError, requestId: string, request: HttpRequest): HttpAnswer {
  switch (service.protocol) {
    case 'ec2':
    case 'query':
      return queryProtocol.error(service, error, requestId, request);
    case 'json-1.0':
    case 'json-1.1':
      return jsonProtocol.error(service, error, requestId, request);
    case 'rest-json':
    case 'rest-xml':
      return restProtocol.error(service, error, requestId, request);
  }
}
