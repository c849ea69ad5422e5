import { UsageError } from '@fairway-mcp/kit';

/** The types are needed to compile only: the package itself is an optional peer that most installations do not have. */
export type DuckDb = typeof import('@duckdb/node-api');

const PACKAGE = '@duckdb/node-api';
/** All of the package's versions are prereleases, which no range of npm matches: so the version is checked here. */
const LEAST: readonly [major: number, minor: number] = [1, 4];

const HOW_TO = `Start the server with both packages, for example "npx -y -p @fairway-mcp/cost -p ${PACKAGE} fairway-cost", or remove --focus.`;

/**
 * The engine that reads exports. It is 70 MB on disk, so that it is no dependency, and is loaded only here.
 * @param load for tests
 * @throws UsageError in plain words when it is not installed, not for this machine, or too old
 */
export async function loadDuckDb(load: () => Promise<DuckDb> = importDuckDb): Promise<DuckDb> {
  const duckDb = await load().catch((error: unknown) => {
    throw absence(error);
  });
  const version = duckDb.version();
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isOld = major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]);
  if (isOld) throw new UsageError(`FOCUS exports need DuckDB ${LEAST.join('.')} or newer; ${PACKAGE} here is ${version}. Update it.`);
  return duckDb;
}

/** The name is not written as text: what bundles this program must neither include the package nor stumble over its absence. */
function importDuckDb(): Promise<DuckDb> {
  const name: string = PACKAGE;
  return import(name);
}

/** Node says that the package is absent; the package says that the binary of this platform is, in a form of its own. */
function absence(error: unknown): Error {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : '';
  if (code === 'MODULE_NOT_FOUND' && text.includes('node-bindings'))
    return new UsageError(
      `${PACKAGE} is installed, but not its binary for this machine (${process.platform}-${process.arch}). Install it again without "--omit=optional", on a platform that DuckDB supports.`,
    );
  if (code === 'ERR_MODULE_NOT_FOUND' && text.includes(PACKAGE))
    return new UsageError(`FOCUS exports are read with DuckDB, which is not installed. ${HOW_TO}`);
  return new UsageError(`${PACKAGE} cannot be loaded: ${text.split('\n')[0] ?? ''} ${HOW_TO}`);
}
