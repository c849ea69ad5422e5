/** How the server is tried out: the flags with which it runs without anything else, and a call of each tool that reads. */
export const args: readonly string[] = [];

export const examples = {
  get_greeting: { name: 'Ada' },
};
