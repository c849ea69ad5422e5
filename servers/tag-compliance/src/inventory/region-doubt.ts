import { isKnownRegion, REGION_NAMES } from '@fairway-mcp/aws/arn';
import { didYouMean } from '@fairway-mcp/validation';

/**
 * Says that a region may not exist, and which one was probably meant. For places where the regions of the account cannot be asked for:
 * a region that is newer than this release is in doubt too.
 */
export function regionDoubt(name: string): string | undefined {
  return isKnownRegion(name) || name === 'global' ? undefined : `There may be no region "${name}".${didYouMean(name, REGION_NAMES)}`;
}

export function regionDoubts(names: readonly string[]): string[] {
  return names.flatMap((name) => regionDoubt(name) ?? []);
}
