/** Prints where a target listens, for the benchmark. */
export function announce(address: unknown): void {
  const { port } = address as { port: number };
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/mcp` })}\n`);
}
