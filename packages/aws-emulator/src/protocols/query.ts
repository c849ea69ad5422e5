import { commonError } from '../common-errors.ts';
import type { Protocol, QueryService } from '../service.ts';
import type { ServiceError } from '../wire/errors.ts';
import type { HttpAnswer } from '../wire/http.ts';
import { QueryInput } from '../wire/query-input.ts';
import { XML_DECLARATION, xmlElement, xmlMembers } from '../wire/xml.ts';

/**
 * The query protocol, and EC2's dialect of it.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export const queryProtocol: Protocol<QueryService> = {
  resolve(service, request) {
    const fields = new Map([...request.query, ...new URLSearchParams(request.body)]);
    const operation = fields.get('Action') ?? '';
    const run = service.operations[operation];
    if (run === undefined) {
      const message = operation === '' ? 'Missing Action' : `The action ${operation} is not valid for this web service.`;
      throw commonError(service.errors, 'unknownOperation', message);
    }
    return {
      name: operation,
      action: `${service.actionPrefix ?? service.name}:${operation}`,
      run: (call, requestId) => answer(service, operation, xmlMembers(run(new QueryInput(fields), call)), requestId),
    };
  },

  error(service, error, requestId) {
    return service.protocol === 'ec2' ? ec2Error(error, requestId) : queryError(service, error, requestId);
  },
};

function answer({ protocol, namespace }: QueryService, operation: string, result: string, requestId: string): HttpAnswer {
  const body =
    protocol === 'ec2'
      ? `<requestId>${requestId}</requestId>${result}`
      : `<${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return xml(200, `<${operation}Response xmlns="${namespace}">${body}</${operation}Response>`, requestId);
}

function ec2Error({ code, message, status }: ServiceError, requestId: string): HttpAnswer {
  const errors = xmlElement('Errors', { Error: { Code: code, Message: message } });
  return xml(status, `<Response>${errors}<RequestID>${requestId}</RequestID></Response>`, requestId);
}

function queryError({ namespace }: QueryService, { code, message, status }: ServiceError, requestId: string): HttpAnswer {
  const error = xmlElement('Error', { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message });
  return xml(status, `<ErrorResponse xmlns="${namespace}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`, requestId);
}

function xml(status: number, body: string, requestId: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId }, body: XML_DECLARATION + body };
}
