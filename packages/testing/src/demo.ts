/** What `npm start` shows of a server. It is declared in the server's `start.ts`, beside its `src/`. */
export interface Demo {
  /** Whether `npm start` without a name shows this server. At most one server is the default. */
  isDefault?: boolean;
  /** What the server runs on, to complete "NAME is serving …": `a made-up AWS organization`. */
  data: string;
  /** The flags with which the server runs without any setup. */
  args: readonly string[];
  /** Asked one after the other. */
  questions: readonly DemoQuestion[];
}

/** One call of a tool, with the question that a user would put to an assistant. */
export interface DemoQuestion {
  question: string;
  tool: string;
  arguments?: Readonly<Record<string, unknown>>;
  /**
   * Further arguments, each a value out of the structured answer that another tool gave before. The question is left out when that answer has
   * no such value.
   */
  argumentsFrom?: Readonly<Record<string, { tool: string; path: readonly (string | number)[] }>>;
}
