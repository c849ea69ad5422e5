/** Whether a query wants an account or a region. An empty list means all. */
export function isWanted(value: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes(value);
}
