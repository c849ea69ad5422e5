import { forEachYielding } from '@fairway-mcp/async';
import { isKnownRegion, parseArn } from '@fairway-mcp/aws/arn';
import {
  generateOrganization,
  isAwsDefault,
  type Organization,
  type OrganizationOptions,
  type OrganizationResource,
  RESOURCE_TYPES,
} from '@fairway-mcp/aws-sample';
import { didYouMean } from '@fairway-mcp/validation';
import { typeOfArn } from '../inventory/arn-type.ts';
import { type CoverageEntry, NEVER_TAGGED_UNSEEN, toCoverage } from '../inventory/coverage.ts';
import { fingerprint } from '../inventory/fingerprint.ts';
import { sampleInventoryName } from '../inventory/inventory-name.ts';
import { absent, coverageOfFound, type Found, type Lookup } from '../inventory/lookup.ts';
import type { Resource } from '../inventory/resource.ts';
import type { CallContext, Scan, ScanQuery, Source, Surroundings } from '../inventory/source.ts';
import { isServicePattern, isWantedType } from '../inventory/type-names.ts';
import { sampleResourceCosts } from './sample-costs.ts';
import { sampleSpend } from './sample-spend.ts';
import { isWanted } from './wanted.ts';

/** Types whose services tell when a resource was made. */
const TELL_THEIR_AGE: ReadonlySet<string> = new Set([
  'ec2:instance',
  'ec2:volume',
  'ec2:snapshot',
  'ec2:natgateway',
  'rds:db',
  'rds:cluster',
  's3:bucket',
  'ecs:service',
  'elasticfilesystem:file-system',
  'elasticloadbalancing:loadbalancer',
]);

/** Types that only the Tagging API lists, so that never-tagged ones stay unseen, as in a real account. */
const TAGGED_ONLY: ReadonlySet<string> = new Set([
  'kms:key',
  'secretsmanager:secret',
  'logs:log-group',
  'cloudwatch:alarm',
  'ecr:repository',
  'states:stateMachine',
  'cloudfront:distribution',
]);

/** What may not be seen in one region of one account, so that the sample shows what a gap in the coverage looks like. */
const DENIED = { type: 'lambda:function', gap: { reason: 'access_denied', detail: 'Needs lambda:ListFunctions.' } } as const;

/** The port over a made-up organization: the same options, the same answers. No network, no clock. */
export function createSampleSource(options: OrganizationOptions): Source {
  let arranged: IndexedSample | undefined;
  const made = () => {
    arranged ??= indexSample(generateOrganization(options));
    return arranged;
  };
  return {
    isSample: true,
    get billedUntil() {
      return new Date(made().organization.now);
    },
    async scope() {
      const { organization } = made();
      return { accounts: organization.accounts.map(({ id }) => id), regions: organization.regions };
    },
    async inventoryName() {
      return sampleInventoryName(made().organization);
    },
    async scan(query, call) {
      return scanSample(made(), query, call);
    },
    async lookUp(arns) {
      return lookUpSample(made(), arns);
    },
    async surroundings({ arn }) {
      return lookAround(made(), arn);
    },
    async resourceCosts(resources) {
      return sampleResourceCosts(made().organization, resources);
    },
    async attributedSpend(query) {
      return sampleSpend(made().organization, query);
    },
  };
}

interface Place {
  account: string;
  region: string;
  resources: readonly OrganizationResource[];
  /** Whether {@link DENIED} holds here. */
  isDenied: boolean;
}

interface IndexedSample {
  organization: Organization;
  places: readonly Place[];
  /** By id and by ARN, within an account. */
  byName: ReadonlyMap<string, OrganizationResource>;
}

function indexSample(organization: Organization): IndexedSample {
  const byPlace = [...Map.groupBy(organization.resources, ({ account, region }) => `${account} ${region}`)].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const denied = byPlace.findLast(([place]) => !place.endsWith(' global'))?.[0];
  return {
    organization,
    places: byPlace.map(([place, resources]) => {
      const [account = '', region = ''] = place.split(' ');
      return { account, region, resources, isDenied: place === denied };
    }),
    byName: new Map(organization.resources.flatMap((one) => [one.id, one.arn].map((name) => [`${one.account} ${name}`, one] as const))),
  };
}

async function scanSample({ organization, places }: IndexedSample, query: ScanQuery, { signal, progress }: CallContext): Promise<Scan> {
  const wanted = places.filter(({ account, region }) => isWanted(account, query.accounts) && isWanted(region, query.regions));
  const entries = [
    ...query.accounts.filter((account) => !organization.accounts.some(({ id }) => id === account)).map(unknownAccount),
    ...query.regions.filter((region) => region !== 'global' && !isKnownRegion(region)).map((region) => unknownRegion(region, organization)),
  ];
  const listed = [...new Set(organization.resources.map(({ type }) => type))].filter((type) => !TAGGED_ONLY.has(type));
  const types = expandTypes(query.types, listed);
  const resources: Resource[] = [];
  signal.throwIfAborted();
  const scanPlace = ([index, place]: [number, Place]): void => {
    const seen = place.resources.filter((resource) => isWantedType(resource.type, query.types) && isSeen(resource, place)).map(toResource);
    resources.push(...seen);
    entries.push(...entriesOf(place, types, listed, seen));
    progress(index + 1, wanted.length, `${resources.length} resources seen, last ${place.region} of account ${place.account}`);
  };
  await forEachYielding(wanted.entries(), scanPlace, signal);
  const id = fingerprint([organization.seed, organization.size, organization.now, query.types, query.regions, query.accounts]);
  return { resources, coverage: toCoverage(entries), asOf: organization.now, id };
}

/** All types of a service by their names; the pattern itself stands for those that have no listing of their own. */
function expandTypes(types: readonly string[], listed: readonly string[]): string[] {
  return types.flatMap((type) => {
    if (!isServicePattern(type)) return [type];
    const named = [...listed, ...TAGGED_ONLY].filter((one) => isWantedType(one, [type]));
    const isTaggedOnly = named.length > 0 && named.every((one) => TAGGED_ONLY.has(one));
    return isTaggedOnly ? named : [type, ...named];
  });
}

/** What the Tagging API lists is seen everywhere, the rest where the service's own listing is allowed. */
function isSeen({ type, tags }: OrganizationResource, { isDenied }: Place): boolean {
  return tags !== undefined || !(TAGGED_ONLY.has(type) || (isDenied && type === DENIED.type));
}

/** @param listed all types that have a listing of their own */
function entriesOf(
  { account, region, isDenied }: Place,
  types: readonly string[],
  listed: readonly string[],
  seen: readonly Resource[],
): CoverageEntry[] {
  const gapOf = (type: string) => (isDenied && type === DENIED.type ? DENIED.gap : TAGGED_ONLY.has(type) ? NEVER_TAGGED_UNSEEN : undefined);
  const countOf = (wanted: readonly string[]) => seen.filter(({ type }) => wanted.includes(type)).length;
  const named = types.length > 0 ? types : isDenied ? [DENIED.type] : [];
  const gaps = named.flatMap((type): CoverageEntry[] => {
    const gap = gapOf(type);
    const resources = countOf([type]);
    return gap === undefined ? [] : [{ account, region, types: [type], status: resources > 0 ? 'partial' : 'missing', resources, ...gap }];
  });
  const others = [...(types.length === 0 ? ['*', ...listed] : types)].filter((type) => gapOf(type) === undefined);
  const resources = seen.length - countOf(gaps.flatMap((gap) => gap.types));
  return others.length === 0 ? gaps : [...gaps, { account, region, types: others, status: 'complete', resources }];
}

function unknownRegion(region: string, organization: Organization): CoverageEntry {
  const gap = { reason: 'not_supported', detail: noRegion(region, organization) } as const;
  return { account: '*', region, types: ['*'], status: 'missing', resources: 0, ...gap };
}

function noRegion(region: string, { regions }: Organization): string {
  return `There is no region "${region}".${didYouMean(region, regions)}`;
}

const UNKNOWN_ACCOUNT = 'The sample organization has no such account.';

function unknownAccount(account: string): CoverageEntry {
  const gap = { reason: 'no_access_to_account', detail: UNKNOWN_ACCOUNT } as const;
  return { account, region: '*', types: ['*'], status: 'missing', resources: 0, ...gap };
}

function toResource(resource: OrganizationResource): Resource {
  const { arn, type, account, region, name, tags = {}, createdAt, parents } = resource;
  const age = TELL_THEIR_AGE.has(type) ? createdAt : undefined;
  return { arn, type, account, region, name, tags, createdAt: age, parents, ...(isAwsDefault(resource) && { isAwsDefault: true }) };
}

function lookUpSample(sample: IndexedSample, arns: readonly string[]): Lookup {
  const byArn = new Map(arns.map((arn) => [arn, findInSample(sample, arn)]));
  const entries = [...byArn].map(([arn, found]) => {
    const { account = '', region = '' } = parseArn(arn) ?? {};
    return coverageOfFound(found, typeOfArn(arn), { account: account || '*', region });
  });
  return { byArn, coverage: toCoverage(entries), asOf: sample.organization.now };
}

function findInSample({ organization, places }: IndexedSample, arn: string): Found {
  const { account = '', region = '' } = parseArn(arn) ?? {};
  if (account !== '' && !organization.accounts.some(({ id }) => id === account)) return absent('account_not_configured', UNKNOWN_ACCOUNT);
  if (region !== '' && !isKnownRegion(region)) return absent('region_not_looked_at', noRegion(region, organization));
  const found = organization.resources.find((one) => one.arn === arn);
  const place = places.find((one) => one.account === (found?.account ?? account) && one.region === (found?.region ?? region));
  if (found !== undefined && (place === undefined || isSeen(found, place))) return { resource: toResource(found) };
  const type = typeOfArn(arn);
  if (place?.isDenied === true && type === DENIED.type) return absent(DENIED.gap.reason, DENIED.gap.detail);
  return isListedType(type) ? absent('absent', 'It does not exist.') : absent('type_not_supported', NEVER_TAGGED_UNSEEN.detail);
}

function isListedType(type: string): boolean {
  return RESOURCE_TYPES.some((one) => one === type) && !TAGGED_ONLY.has(type);
}

function lookAround({ organization, byName }: IndexedSample, arn: string): Surroundings {
  const coverage = toCoverage([]);
  const found = organization.resources.find((one) => one.arn === arn);
  if (found === undefined) return { resource: undefined, parents: [], principals: [], coverage };
  return {
    resource: toResource(found),
    parents: parentsOf(byName, found).map(toResource),
    principals: principalsOf(organization, found),
    coverage,
  };
}

/** Level by level, so that the nearest come first. */
function parentsOf(byName: IndexedSample['byName'], { account, parents }: OrganizationResource): OrganizationResource[] {
  const found = new Set<OrganizationResource>();
  let ids = parents;
  while (ids.length > 0) {
    const level = ids.flatMap((id) => byName.get(`${account} ${id}`) ?? []).filter((one) => !found.has(one));
    for (const one of level) found.add(one);
    ids = level.flatMap((one) => one.parents);
  }
  return [...found];
}

function principalsOf(organization: Organization, resource: OrganizationResource): Surroundings['principals'] {
  const runsAs = roleOf(organization, resource);
  return organization.principals.flatMap(({ arn, tags }): Surroundings['principals'][number][] => [
    ...(arn === runsAs ? [{ arn, relation: 'runs as' as const, tags }] : []),
    ...(arn === resource.createdBy ? [{ arn, relation: 'created by' as const, tags }] : []),
  ]);
}

function roleOf(organization: Organization, resource: OrganizationResource): string | undefined {
  switch (resource.type) {
    case 'lambda:function':
      return resource.attributes.role;
    case 'ecs:service':
      return resource.attributes.taskRole;
    case 'ec2:instance': {
      const { instanceProfile } = resource.attributes;
      return instanceProfile && organization.principals.find((principal) => principal.instanceProfile === instanceProfile)?.arn;
    }
    default:
      return undefined;
  }
}
