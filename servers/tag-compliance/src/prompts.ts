import { type Context, definePrompt, userText } from '@fairway-mcp/kit';
import type { Services } from './services.ts';
import { LISTING_ACTIONS } from './upstream/permissions.ts';

/** The monthly routine of a FinOps team, as one request. */
export const monthlyTagReview = definePrompt({
  name: 'monthly_tag_review',
  title: 'Monthly tag review',
  description: 'Walks through compliance, its development, untagged spend and the next steps, and writes them up.',
  arguments: {
    region: { description: 'Only this region', complete: completeRegion },
    resource_type: { description: 'Only this type', complete: (typed) => startingWith(Object.keys(LISTING_ACTIONS), typed) },
    tag_key: { description: 'The tag to look at most closely', complete: completeKey },
  },
  messages({ region, resource_type, tag_key }) {
    const scope = [region && `the region ${region}`, resource_type && `the type ${resource_type}`].filter(Boolean).join(' and ');
    return [
      userText(
        [
          `Review our AWS tag compliance of last month${scope === '' ? '' : `, for ${scope} only`}.`,
          '1. Check tag compliance, and say what the answer could not see.',
          '2. Get the violation history of the last 90 days by week: is it improving?',
          '3. Get the cost attribution gap of last_month by account. This queries Cost Explorer and costs a few cents.',
          '4. Find untagged resources and name the five that matter most.',
          ...(tag_key
            ? [`5. Look closely at the tag ${tag_key}: which values are wrong, and which near misses can be corrected at once?`]
            : []),
          'Then write one page for the team leads: score and trend, money without an owner, the worst offenders, and three concrete next steps. Keep estimates apart from facts, and say so when data is sample data.',
        ].join('\n'),
      ),
    ];
  },
});

/** The user is typing: regions that AWS does not return at once are not suggested. */
const COMPLETION_MS = 2_000;

async function completeRegion(typed: string, { services, signal }: Context<Services>): Promise<string[]> {
  const { regions } = await services.source.scope(AbortSignal.any([signal, AbortSignal.timeout(COMPLETION_MS)]));
  return startingWith(regions, typed);
}

function completeKey(typed: string, { services }: Context<Services>): string[] {
  const { required_tags, optional_tags } = services.policy.compiled.policy;
  return startingWith([...new Set([...required_tags, ...optional_tags].map(({ name }) => name))], typed);
}

function startingWith(values: readonly string[], typed: string): string[] {
  return values.filter((value) => value.toLowerCase().startsWith(typed.toLowerCase()));
}
