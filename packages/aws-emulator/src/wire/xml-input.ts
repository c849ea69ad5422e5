import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { ServiceError } from './errors.ts';

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false });

/**
 * The body of a REST-XML request as nested objects, every text as it is.
 * @throws ServiceError MalformedXML when it is not well-formed.
 */
export function parseXml(body: string): unknown {
  if (XMLValidator.validate(body) !== true) throw malformedXml();
  return parser.parse(body);
}

export function malformedXml(): ServiceError {
  return new ServiceError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
}
