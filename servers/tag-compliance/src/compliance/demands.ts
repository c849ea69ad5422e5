import type Big from 'big.js';
import { knownServices, typesOf } from '../inventory/service-types.ts';
import type { RequiredTag } from '../inventory/source.ts';
import { fitOf } from '../policy/type-pattern.ts';
import { formatAmount, readableAmount } from './money.ts';

/** Services whose spend must carry some of the required tags only. */
export interface Demand {
  services: readonly string[];
  tags: readonly RequiredTag[];
}

/**
 * The tags that the spend of a service must carry. Billing data names services, not types: a tag that is required of some types is asked
 * of every service that bills one of them. Where no tag is required, spend is attributable with all of them.
 */
export function tagsAskedOf(service: string, required: readonly RequiredTag[]): readonly RequiredTag[] {
  const asked = requiredOf(service, required);
  return asked.length === 0 ? required : asked;
}

/** Whether the policy requires any of the tags of something that a service bills. */
export function isAnyRequired(service: string, required: readonly RequiredTag[]): boolean {
  return required.length === 0 || requiredOf(service, required).length > 0;
}

function requiredOf(service: string, required: readonly RequiredTag[]): RequiredTag[] {
  return required.filter(({ types }) => types.length === 0 || typesOf(service).some((type) => fitOf(types, type) > 0));
}

/** The services whose spend must carry only a part of the tags; that of all others must carry all. */
export function demandsOf(required: readonly RequiredTag[]): Demand[] {
  const partly = knownServices().flatMap((service) => {
    const tags = tagsAskedOf(service, required);
    return tags.length === required.length ? [] : [{ service, tags }];
  });
  const byTags = Map.groupBy(partly, ({ tags }) => JSON.stringify(tags.map(({ key }) => key)));
  return [...byTags.values()].map((group) => ({ services: group.map(({ service }) => service), tags: group[0]?.tags ?? [] }));
}

/** What a user must know when tags are required of some types only. @param unrequired the gap of services of which no tag is required */
export function demandCaveats(required: readonly RequiredTag[], unrequired: Big, currency: string): string[] {
  const limited = required.filter(({ types }) => types.length > 0);
  if (limited.length === 0) return [];
  const keys = required.map(({ key }) => key).join(', ');
  return [
    ...limited.map(
      ({ key, types }) =>
        `${key} is required of ${someNames(types)} only. The bill names services, not the types of the policy: all spend of the services that bill these types must carry it.`,
    ),
    `Spend of services of which the policy requires no tag is attributable when it carries ${keys}; ${readableAmount(formatAmount(unrequired), currency)} of the gap is spend of such services that does not carry them all.`,
  ];
}

const NAMED = 5;

function someNames(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more types` : ''}`;
}
