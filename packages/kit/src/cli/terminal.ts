/** Where commands write to. Never used while a server is serving over stdio. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

let isWatched = false;

/** The reader of a pipe may have seen enough, as `head` has: then the command ends, without an error. */
function endWithReader(): void {
  if (isWatched) return;
  isWatched = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

export const terminal: Terminal = {
  out(text) {
    endWithReader();
    process.stdout.write(`${text}\n`);
  },
  err: (text) => void process.stderr.write(`${text}\n`),
};
