import { AwsError } from '@fairway-mcp/aws';

/** Bounds what one answer can cost. */
const MAX_PAGES = 200;

/** Reads the pages of an answer one after the other. @throws AwsError when there are more than {@link MAX_PAGES} */
export async function* pagesOf<Page>(
  action: string,
  ask: (token: string | undefined) => Promise<Page>,
  next: (page: Page) => string | undefined,
): AsyncGenerator<Page> {
  let token: string | undefined;
  for (let count = 1; ; count += 1) {
    const page = await ask(token);
    yield page;
    token = next(page) || undefined;
    if (token === undefined) return;
    if (count === MAX_PAGES) throw new AwsError(action, 'rejected', 'TooManyPages');
  }
}
