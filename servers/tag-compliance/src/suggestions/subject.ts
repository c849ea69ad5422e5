import type { Resource } from '../inventory/resource.ts';
import type { Surroundings } from '../inventory/source.ts';
import { describeArn } from './describe-arn.ts';
import { childrenFeatures, type Feature, featuresOf, nameFeatures } from './features.ts';
import { tokensOf } from './tokens.ts';

/** A name and its words. */
export interface Named {
  names: readonly { text: string; words: readonly string[] }[];
}

type Principal = Surroundings['principals'][number];

/** A resource to suggest tags for, analysed once for all of its tags. */
export interface Subject extends Named {
  resource: Resource;
  features: readonly Feature[];
  /** Nearest first. */
  parents: readonly (Named & { resource: Resource })[];
  principals: readonly (Named & Principal & { name: string; features: readonly Feature[] })[];
}

export function createSubject(resource: Resource, parents: readonly Resource[], principals: readonly Principal[]): Subject {
  return {
    resource,
    ...namesOf(resource),
    features: [...featuresOf(resource), ...childrenFeatures(resource)],
    parents: parents.map((parent) => ({ resource: parent, ...namesOf(parent) })),
    principals: principals.map((principal) => {
      const name = principal.arn.slice(principal.arn.lastIndexOf('/') + 1);
      const words = tokensOf(name);
      return { ...principal, name, names: [{ text: name, words }], features: nameFeatures(words) };
    }),
  };
}

/** Its own name, its Name tag, and other names in its ARN (a cluster, a path), each once. */
function namesOf({ arn, name, tags }: Resource): Named {
  const named = [name, tags.Name ?? ''].map((text) => ({ text, words: tokensOf(text) }));
  const all = [...named, { text: arn, words: describeArn(arn)?.tokens ?? [] }];
  const different = new Map(all.filter(({ words }) => words.length > 0).map((entry) => [entry.words.join(' '), entry]));
  return { names: [...different.values()] };
}
