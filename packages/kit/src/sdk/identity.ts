/** How a running server describes itself to clients. */
export interface Identity {
  name: string;
  title: string;
  version: string;
  description: string;
  instructions: string | undefined;
}
