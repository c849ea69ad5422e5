import type { OrganizationResource } from './types.ts';

/** Whether AWS made a resource without being asked for it, as its service tells: `IsDefault`, `DefaultForAz`, the group `default`. */
export function isAwsDefault(resource: OrganizationResource): boolean {
  if (resource.type === 'ec2:vpc') return resource.attributes.isDefault;
  if (resource.type === 'ec2:subnet') return resource.attributes.isDefaultForZone;
  return resource.type === 'ec2:security-group' && resource.attributes.groupName === 'default';
}
