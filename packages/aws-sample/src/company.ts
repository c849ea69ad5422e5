/** The made-up company that owns the organization: its accounts, teams and services. */

export type Environment = 'production' | 'staging' | 'development' | 'sandbox';

export const ENVIRONMENTS: readonly Environment[] = ['production', 'staging', 'development', 'sandbox'];

/** How names abbreviate an environment. */
export const SHORT_ENVIRONMENT: Readonly<Record<Environment, string>> = {
  production: 'prod',
  staging: 'stg',
  development: 'dev',
  sandbox: 'sbx',
};

export const COMPANY = 'northlake';

export interface AccountPlan {
  id: string;
  name: string;
  /** Regions in use, the main one first. */
  regions: readonly [string, ...string[]];
  environments: readonly [Environment, ...Environment[]];
  teams: readonly string[] | 'products';
}

/** The first is the management account. Ids are of the kind that AWS uses in its examples. */
export const ACCOUNT_PLANS: readonly [AccountPlan, ...AccountPlan[]] = [
  {
    id: '111122223333',
    name: 'platform',
    regions: ['eu-central-1', 'us-east-1'],
    environments: ['production'],
    teams: ['platform'],
  },
  {
    id: '222233334444',
    name: 'production',
    regions: ['eu-central-1', 'us-east-1', 'eu-west-1'],
    environments: ['production'],
    teams: 'products',
  },
  {
    id: '333344445555',
    name: 'staging',
    regions: ['eu-central-1', 'us-east-1'],
    environments: ['staging', 'development'],
    teams: 'products',
  },
  {
    id: '444455556666',
    name: 'data',
    regions: ['eu-west-1', 'eu-central-1', 'us-east-1'],
    environments: ['production', 'staging'],
    teams: ['data'],
  },
  {
    id: '555566667777',
    name: 'sandbox',
    regions: ['eu-central-1', 'us-west-2', 'eu-west-1'],
    environments: ['sandbox', 'development'],
    teams: 'products',
  },
];

type Classification = 'public' | 'internal' | 'confidential' | 'restricted';

export interface Team {
  name: string;
  costCenter: string;
  /** What it runs, and how sensitive the data of each is. */
  services: readonly (readonly [string, Classification])[];
  people: readonly string[];
}

export const PLATFORM_TEAM: Team = {
  name: 'platform',
  costCenter: 'CC-5010',
  services: [
    ['network', 'internal'],
    ['ci', 'internal'],
    ['observability', 'internal'],
    ['vault', 'restricted'],
    ['artifacts', 'internal'],
    ['edge', 'public'],
  ],
  people: ['ines.moreau', 'tom.becker'],
};

export const TEAMS: readonly Team[] = [
  PLATFORM_TEAM,
  {
    name: 'payments',
    costCenter: 'CC-1010',
    services: [
      ['ledger', 'restricted'],
      ['billing', 'confidential'],
      ['fraud', 'restricted'],
      ['invoicing', 'confidential'],
      ['payouts', 'restricted'],
    ],
    people: ['jana.kovac', 'liam.osei'],
  },
  {
    name: 'checkout',
    costCenter: 'CC-1020',
    services: [
      ['cart', 'internal'],
      ['pricing', 'internal'],
      ['promotions', 'internal'],
      ['storefront', 'public'],
    ],
    people: ['mara.lindqvist', 'noah.adeyemi'],
  },
  {
    name: 'catalog',
    costCenter: 'CC-1030',
    services: [
      ['search', 'internal'],
      ['inventory', 'internal'],
      ['media', 'public'],
      ['reviews', 'public'],
    ],
    people: ['yuki.tanaka'],
  },
  {
    name: 'identity',
    costCenter: 'CC-2010',
    services: [
      ['login', 'restricted'],
      ['profiles', 'confidential'],
      ['consent', 'confidential'],
    ],
    people: ['aisha.rahman', 'petr.novak'],
  },
  {
    name: 'logistics',
    costCenter: 'CC-3010',
    services: [
      ['shipping', 'internal'],
      ['tracking', 'internal'],
      ['warehouse', 'internal'],
      ['returns', 'internal'],
    ],
    people: ['carla.mendes'],
  },
  {
    name: 'data',
    costCenter: 'CC-4010',
    services: [
      ['lakehouse', 'confidential'],
      ['events', 'internal'],
      ['reporting', 'confidential'],
      ['features', 'confidential'],
      ['exports', 'restricted'],
    ],
    people: ['sofia.rossi', 'erik.johansen'],
  },
  {
    name: 'growth',
    costCenter: 'CC-7010',
    services: [
      ['experiments', 'internal'],
      ['emails', 'confidential'],
      ['recommendations', 'internal'],
    ],
    people: ['dana.cohen'],
  },
];

export function ownerOf(team: Team): string {
  return `${team.name}@${COMPANY}.example`;
}

/** Teams that run something in an account. */
export function teamsOf(plan: AccountPlan): readonly Team[] {
  const { teams } = plan;
  return TEAMS.filter(({ name }) => (teams === 'products' ? name !== 'platform' && name !== 'data' : teams.includes(name)));
}
