/** A greeting as it is said: `Hello, Ada!` */
export function greeting(salutation: string, name: string): string {
  return `${salutation}, ${name.trim()}!`;
}
