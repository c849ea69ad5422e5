import { run } from '../shell.ts';
import { allWorkspaces, serverWorkspaces, type Workspace } from '../workspace.ts';
import type { Check, Found } from './check.ts';

/** What `pnpm audit --json` prints, as far as it is needed. */
export interface AuditReport {
  advisories: Record<string, Advisory>;
}

interface Advisory {
  module_name: string;
  title: string;
  severity: string;
  url: string;
  patched_versions?: string;
  /** `paths` begin with the folder of a workspace, its `/` written as `__`. */
  findings: readonly { version: string; paths: readonly string[] }[];
}

/** Without retries, so that the check ends soon where there is no network. */
const ENVIRONMENT = { npm_config_fetch_retries: '0', pnpm_config_fetch_retries: '0' };

/** Known vulnerabilities of what servers ship, where the registry knows them. A registry that does not is said, and no problem. */
export const vulnerabilitiesCheck: Check = { name: 'vulnerabilities', run: () => findVulnerabilities() };

/** @param registry another one than that which is configured */
export async function findVulnerabilities(registry?: string): Promise<Found> {
  const args = ['audit', '--prod', '--json', ...(registry === undefined ? [] : [`--registry=${registry}`])];
  const { output } = await run('pnpm', args, { env: { ...process.env, ...ENVIRONMENT }, output: 'capture' });
  const report = readReport(output);
  if (report === undefined) {
    const note = `NOT checked, because the registry gave no answer to use: ${summaryOf(output)}`;
    return { problems: [], unchecked: true, note };
  }
  return { problems: problemsIn(report, shippedFolders()), note: 'as the registry knows them today' };
}

function readReport(output: string): AuditReport | undefined {
  try {
    const report = JSON.parse(output.slice(output.indexOf('{')));
    return typeof report.advisories === 'object' ? report : undefined;
  } catch {
    return undefined;
  }
}

/** The reason in one line. */
function summaryOf(output: string): string {
  return output
    .replaceAll(/[\s│×├─▶╰]+/g, ' ')
    .trim()
    .slice(0, 200);
}

/** One line for each vulnerable version that one of the folders depends on. */
export function problemsIn({ advisories }: AuditReport, folders: readonly string[]): string[] {
  const isShipped = (path: string) => folders.some((folder) => path.startsWith(`${folder.replaceAll('/', '__')}>`));
  return Object.values(advisories).flatMap((advisory) =>
    advisory.findings.flatMap(({ version, paths }) => {
      const shipped = paths.filter(isShipped);
      if (shipped.length === 0) return [];
      const { module_name, severity, title, url, patched_versions = 'none yet' } = advisory;
      return [`${module_name} ${version} (${severity}): ${title}. Fixed in: ${patched_versions}. ${url}, by ${shipped[0]}`];
    }),
  );
}

/** The folders of the servers, and of the packages that they bundle. */
function shippedFolders(): string[] {
  const all = allWorkspaces();
  const shipped = new Set<Workspace>();
  const add = (workspace: Workspace | undefined) => {
    if (workspace === undefined || shipped.has(workspace)) return;
    shipped.add(workspace);
    for (const name of Object.keys(workspace.manifest.dependencies ?? {})) add(all.find(({ manifest }) => manifest.name === name));
  };
  for (const { folder } of serverWorkspaces()) add(all.find((workspace) => workspace.folder === folder));
  return [...shipped].map(({ folder }) => folder);
}
