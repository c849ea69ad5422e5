/**
 * Who may import whom. `npm run check` reads this with dependency-cruiser; tests/test/import-rules.slow.test.ts shows that each rule holds.
 *
 *   tools, resources, prompts → own domain folders, the type of the services, kit, validation, aws/arn, pure libraries
 *   domain folders            → each other, validation, aws/arn, the types of charts, pure libraries
 *   upstream, sample, scanning → domain folders, packages, whatever they talk to
 *   server.ts, services.ts    → everything of their own server
 *   packages                  → all: async; kit: auth, validation, cache, telemetry, store, upstream; testing: kit; aws: validation;
 *                               aws-billing: aws, cache, kit, store; aws-emulator: aws-sample, aws; the others: nobody else
 *   tests of packages         → testing too
 *
 * A server's source folders are domain folders unless they are named here. Tests may import more: they are not shipped.
 */
import fs from 'node:fs';
import path from 'node:path';

const SERVER = '^(?:servers/[^/]+|scripts/server-template)/src/';
const DEFINITIONS = '(?:tools|resources|prompts)/';
const OUTER = '(?:upstream|sample|scanning)/';
const DOMAIN = `${SERVER}(?!${DEFINITIONS}|${OUTER})[^/]+/`;
/** Tests, and what several tests share: suites for several implementations, fixtures, generators of random values. */
const TESTS = '[./](?:test|contract|fixture|arbitraries)\\.ts$';

/** npm libraries that touch nothing outside of themselves. A library joins this list when that is true of it. */
const PURE_LIBRARIES = 'node_modules/(?:big\\.js|csv-stringify|fastest-levenshtein|re2js|yaml|zod)/';
/** Modules of Node that compute and do not reach out. */
const PURE_NODE = '^(?:node:)?(?:buffer|crypto|path|url|util)$';

/** The parts of the AWS package that only compute. */
const PURE_AWS = '^packages/aws/src/(?:arn/|permissions\\.ts$)';

/** The files that packages export: the only way in. */
const PACKAGES = path.join(import.meta.dirname, 'packages');
const EXPORTED = fs.readdirSync(PACKAGES).flatMap((name) => {
  const { exports = {} } = JSON.parse(fs.readFileSync(path.join(PACKAGES, name, 'package.json'), 'utf8'));
  return Object.values(exports).map((file) => `^packages/${name}/${file.slice('./'.length).replaceAll('.', '\\.')}$`);
});

/** The same server as the one that the rule's `from` matched. */
const OWN = '^(?:servers/$1|scripts/$1)/src/';
const ownServer = (rest) => `^(?:servers|scripts)/([^/]+)/src/${rest}`;

/**
 * The folders of the kit, from the one that everything stands on to the top. Those in one line do not know each other. Above them are the
 * files that the package exports, and the folder of the conformance fixture.
 */
const KIT_LAYERS = [['util'], ['protocol'], ['config', 'define'], ['pipeline'], ['tasks'], ['sdk'], ['http', 'stdio'], ['server'], ['cli']];

/** A rule for each folder of the kit: it imports itself and what is below it. */
const KIT_RULES = KIT_LAYERS.flatMap((layer, index) =>
  layer.map((folder) => ({
    name: `kit-${folder}`,
    comment: 'The folders of the kit are layers: each imports only those below it.',
    severity: 'error',
    from: { path: `^packages/kit/src/${folder}/`, pathNot: TESTS },
    to: {
      path: '^packages/kit/src/',
      pathNot: `^packages/kit/src/(?:${[...KIT_LAYERS.slice(0, index).flat(), folder].join('|')})/`,
    },
  })),
);

export default {
  forbidden: [
    {
      name: 'resolvable',
      comment: 'What is imported exists, and is exported by the package that it comes from.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'What is imported stands in the package.json of the workspace that imports it.',
      severity: 'error',
      from: { path: '^(?:packages|servers|scripts|tests)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-cycles',
      comment: 'Files that import each other in a circle are one file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-dead-files',
      comment: 'A source file that no program, package or script reaches is dead.',
      severity: 'error',
      from: { path: [...EXPORTED, '^servers/[^/]+/src/main\\.ts$', '^scripts/[^/]+\\.(?:ts|mjs)$', '^[^/]+\\.shared\\.ts$'] },
      to: {
        path: ['^(?:packages|servers)/[^/]+/src/.+\\.ts$', '^scripts/lib/.+\\.ts$'],
        // Declarations are read by the compiler only.
        pathNot: [TESTS, '\\.d\\.ts$', ...EXPORTED, '^servers/[^/]+/src/main\\.ts$'],
        reachable: false,
      },
    },
    {
      name: 'no-deep-imports',
      comment: 'Another workspace is imported by its name, through what its package.json exports.',
      severity: 'error',
      from: { path: '^((?:packages|servers)/[^/]+|tests|scripts/server-template|scripts)/' },
      to: { path: '^(?:packages|servers|tests|scripts)/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'dev-only-stays-out',
      comment: 'What is shipped does not use what is installed for tests.',
      severity: 'error',
      from: { path: '^(?:packages|servers)/[^/]+/src/|^scripts/server-template/src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'tests-stay-out',
      comment: 'What is shipped does not use tests, nor what helps tests.',
      severity: 'error',
      from: { path: '/src/', pathNot: [TESTS, '^packages/(?:testing|aws-emulator|upstream/src/testing)/'] },
      to: { path: [TESTS, '/test/', '^packages/(?:testing|aws-emulator|upstream/src/testing)/'] },
    },
    {
      name: 'packages-do-not-know-servers',
      comment: 'A package never imports a server.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(?:servers|scripts|tests)/' },
    },
    {
      name: 'servers-stand-alone',
      comment: 'A server never imports another server: each is released alone.',
      severity: 'error',
      from: { path: '^servers/([^/]+)/' },
      to: { path: '^servers/', pathNot: '^servers/$1/' },
    },
    {
      name: 'packages-stand-alone',
      comment: 'Most packages are built from no other package but async; tests may use the testing package. The exceptions have own rules.',
      severity: 'error',
      from: { path: '^packages/(?!kit/|testing/|aws/|aws-billing/|aws-emulator/)([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/(?:$1|async|testing)/' },
    },
    {
      name: 'kit-imports',
      comment: 'The kit is built from async, auth, validation, cache, telemetry, store and upstream.',
      severity: 'error',
      from: { path: '^packages/kit/src/', pathNot: TESTS },
      to: { path: '^packages/', pathNot: '^packages/(?:kit|async|auth|validation|cache|telemetry|store|upstream)/' },
    },
    ...KIT_RULES,
    {
      name: 'kit-fast-path-is-optional',
      comment: 'The fast path can be deleted: one file registers it, nothing else of the kit knows it.',
      severity: 'error',
      from: { path: '^packages/kit/src/', pathNot: [TESTS, '^packages/kit/src/http/(?:serve\\.ts$|fast-path/)'] },
      to: { path: '^packages/kit/src/http/fast-path/' },
    },
    {
      name: 'kit-conformance-stays-out',
      comment: 'What only the conformance fixture needs is no part of a server.',
      severity: 'error',
      from: { path: '^packages/kit/src/', pathNot: [TESTS, '^packages/kit/src/conformance/'] },
      to: { path: '^packages/kit/src/conformance/' },
    },
    {
      name: 'testing-imports',
      comment: 'The testing package knows the kit.',
      severity: 'error',
      from: { path: '^packages/testing/' },
      to: { path: '^packages/', pathNot: '^packages/(?:testing|kit)/' },
    },
    {
      name: 'aws-imports',
      comment: 'The AWS clients may use async and validation; their tests may use the testing package.',
      severity: 'error',
      from: { path: '^packages/aws/' },
      to: { path: '^packages/', pathNot: '^packages/(?:aws|async|validation|testing)/' },
    },
    {
      name: 'aws-billing-imports',
      comment: 'Paid calls need the AWS clients, the cache, the store, and the error of a caller whose budget is used up.',
      severity: 'error',
      from: { path: '^packages/aws-billing/', pathNot: TESTS },
      to: { path: '^packages/', pathNot: '^packages/(?:aws-billing|async|aws|cache|kit|store)/' },
    },
    {
      name: 'aws-arn-is-pure',
      comment: 'Tools and domain folders use ARNs, regions and permissions, so that these load no SDK.',
      severity: 'error',
      from: { path: PURE_AWS, pathNot: TESTS },
      to: { pathNot: [PURE_AWS, '^packages/validation/', PURE_LIBRARIES] },
    },
    {
      name: 'aws-emulator-imports',
      comment: 'The AWS emulator is fed by the sample organization, and may use what the AWS clients know.',
      severity: 'error',
      from: { path: '^packages/aws-emulator/' },
      to: { path: '^packages/', pathNot: '^packages/(?:aws-emulator|aws-sample|aws)/' },
    },
    {
      name: 'tools-do-not-import-tools',
      comment: 'What two tools share belongs into a domain folder.',
      severity: 'error',
      from: { path: `${SERVER}${DEFINITIONS}`, pathNot: TESTS },
      to: { path: `${SERVER}${DEFINITIONS}` },
    },
    {
      name: 'tools-ask-their-services',
      comment: 'A tool gets everything that reaches out from its services; of the rest of its server it knows domain folders only.',
      severity: 'error',
      from: { path: ownServer(DEFINITIONS), pathNot: TESTS },
      to: { path: `${OWN}(?:${OUTER}|[^/]+\\.ts$)`, pathNot: `${OWN}services\\.ts$` },
    },
    {
      name: 'tools-know-services-by-type',
      comment: 'Services come with the call: a tool imports only their type.',
      severity: 'error',
      from: { path: ownServer(DEFINITIONS), pathNot: TESTS },
      to: { path: `${OWN}services\\.ts$`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'tools-import-kit-and-validation',
      comment: 'A tool gets what other packages do from its services. ARNs and regions are plain data.',
      severity: 'error',
      from: { path: `${SERVER}${DEFINITIONS}`, pathNot: TESTS },
      to: { path: '^packages/', pathNot: ['^packages/(?:kit|validation)/', PURE_AWS] },
    },
    {
      name: 'tools-reach-nothing',
      comment: 'No SDK, no network, no disk in a tool: that is what upstream is for.',
      severity: 'error',
      from: { path: `${SERVER}${DEFINITIONS}`, pathNot: TESTS },
      to: { path: 'node_modules/', pathNot: PURE_LIBRARIES },
    },
    {
      name: 'tools-use-pure-node',
      comment: 'No SDK, no network, no disk in a tool: that is what upstream is for.',
      severity: 'error',
      from: { path: `${SERVER}${DEFINITIONS}`, pathNot: TESTS },
      to: { dependencyTypes: ['core'], pathNot: PURE_NODE },
    },
    {
      name: 'domain-is-pure',
      comment: 'A domain folder knows other domain folders of its server, and nothing else of it.',
      severity: 'error',
      from: { path: ownServer(`(?!${DEFINITIONS}|${OUTER})[^/]+/`), pathNot: TESTS },
      to: { path: `${OWN}(?:${DEFINITIONS}|${OUTER}|[^/]+\\.ts$)` },
    },
    {
      name: 'domain-imports-validation',
      comment:
        'Of the packages a domain folder knows validation, ARNs and regions, what charts show, and how to compute in pieces (async).',
      severity: 'error',
      from: { path: DOMAIN, pathNot: TESTS },
      to: { path: '^packages/', pathNot: ['^packages/(?:validation|async|charts)/', PURE_AWS] },
    },
    {
      name: 'domain-knows-charts-by-type',
      comment: 'A domain folder says what a chart shows; drawing it is for the services.',
      severity: 'error',
      from: { path: DOMAIN, pathNot: TESTS },
      to: { path: '^packages/charts/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-reaches-nothing',
      comment: 'Domain folders compute. They neither read nor write anything.',
      severity: 'error',
      from: { path: DOMAIN, pathNot: TESTS },
      to: { path: 'node_modules/', pathNot: PURE_LIBRARIES },
    },
    {
      name: 'domain-uses-pure-node',
      comment: 'Domain folders compute. They neither read nor write anything.',
      severity: 'error',
      from: { path: DOMAIN, pathNot: TESTS },
      to: { dependencyTypes: ['core'], pathNot: PURE_NODE },
    },
    {
      name: 'upstream-looks-outward',
      comment: 'Upstream and sample give domain types to the services. They know neither tools nor the server.',
      severity: 'error',
      from: { path: ownServer(OUTER), pathNot: TESTS },
      to: { path: `${OWN}(?:${DEFINITIONS}|(?:main|server|services)\\.ts$)` },
    },
  ],
  options: {
    // TypeScript 7 has no API that dependency-cruiser could use; swc reads the same syntax.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?!.*node_modules/).*/dist/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
