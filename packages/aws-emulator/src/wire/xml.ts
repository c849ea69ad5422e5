/** Writes the XML that AWS's query and REST-XML protocols answer with. Shapes are plain objects; lists name their elements. */

export type XmlValue = string | number | boolean | undefined | Items | XmlRecord;
export interface XmlRecord {
  readonly [name: string]: XmlValue;
}

/** A list: an element that holds one element of the given name for each value. */
export class Items {
  readonly name: string;
  readonly values: readonly XmlValue[];

  constructor(name: string, values: readonly XmlValue[]) {
    this.name = name;
    this.values = values;
  }
}

export function items(name: string, values: readonly XmlValue[]): Items {
  return new Items(name, values);
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The members of a record as elements, in their order. `undefined` members are left out. */
export function xmlMembers(record: XmlRecord): string {
  let text = '';
  for (const [name, value] of Object.entries(record)) text += xmlElement(name, value);
  return text;
}

export function xmlElement(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  const inner = value instanceof Items ? xmlList(value) : typeof value === 'object' ? xmlMembers(value) : escapeXml(String(value));
  return inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`;
}

function xmlList({ name, values }: Items): string {
  let text = '';
  for (const value of values) text += xmlElement(name, value);
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (found) => ESCAPES[found] ?? found);
}
