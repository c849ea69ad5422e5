/** What `applies_to` may hold, for messages. */
export const TYPE_FORM = 'SERVICE:TYPE such as ec2:instance, SERVICE:* for all types of a service, or * for all types';

/** `ec2:instance`, `ec2:*`, `*`. AWS tag policies write `ec2:ALL_SUPPORTED` for `ec2:*`. */
export function isTypePattern(text: string): boolean {
  return text === '*' || /^[a-z0-9][a-z0-9-]*:(?:\*|[A-Za-z0-9][A-Za-z0-9_.-]*)$/.test(text);
}

/** The one spelling of a type pattern that the rest of the code knows. */
export function normalTypePattern(text: string): string {
  return text.endsWith(':ALL_SUPPORTED') ? `${text.slice(0, text.indexOf(':'))}:*` : text;
}

/** `ec2:*` */
function serviceOf(type: string): string {
  return `${type.slice(0, type.indexOf(':'))}:*`;
}

/**
 * How closely a rule's `applies_to` fits a type: 3 names it, 2 names its service, 1 all types, 0 does not apply.
 * An empty list means all types.
 */
export function fitOf(appliesTo: readonly string[], type: string): 0 | 1 | 2 | 3 {
  if (appliesTo.includes(type)) return 3;
  if (appliesTo.includes(serviceOf(type))) return 2;
  return appliesTo.length === 0 || appliesTo.includes('*') ? 1 : 0;
}

/** Whether every type that `inner` means is also meant by `outer`. */
export function covers(outer: string, inner: string): boolean {
  return outer === '*' || outer === inner || outer === serviceOf(inner);
}
