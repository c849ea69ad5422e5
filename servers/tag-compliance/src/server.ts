import { permissionsSection } from '@fairway-mcp/aws/permissions';
import { defineServer } from '@fairway-mcp/kit';
import manifest from '../package.json' with { type: 'json' };
import { config } from './config.ts';
import { permissions } from './permissions.ts';
import { monthlyTagReview } from './prompts.ts';
import { policyResource, reportResource } from './resources.ts';
import { createServices } from './services.ts';
import { checkTagCompliance } from './tools/check-tag-compliance.ts';
import { findUntaggedResources } from './tools/find-untagged-resources.ts';
import { generateComplianceReport } from './tools/generate-compliance-report.ts';
import { getCostAttributionGap } from './tools/get-cost-attribution-gap.ts';
import { getTaggingPolicy } from './tools/get-tagging-policy.ts';
import { getViolationHistory } from './tools/get-violation-history.ts';
import { suggestTags } from './tools/suggest-tags.ts';
import { validateResourceTags } from './tools/validate-resource-tags.ts';

export default defineServer({
  name: 'tag-compliance',
  title: 'Tag compliance',
  description: 'Honest AWS tag compliance: scores, violations, untagged spend, suggestions, history.',
  version: manifest.version,
  instructions:
    'Every answer says what it could not see (about.coverage): repeat that to the user. Costs are read only on request, because Cost Explorer charges for them. sample: true means made-up data.',
  config,
  services: createServices,
  tools: [
    checkTagCompliance,
    findUntaggedResources,
    validateResourceTags,
    getCostAttributionGap,
    suggestTags,
    getTaggingPolicy,
    generateComplianceReport,
    getViolationHistory,
  ],
  resources: [policyResource, reportResource],
  prompts: [monthlyTagReview],
  readmeSections: { permissions: permissionsSection(permissions) },
  health: (services, signal) => services.health(signal),
  doctor: (services, signal) => services.doctor(signal),
  close: (services) => services.close(),
});
