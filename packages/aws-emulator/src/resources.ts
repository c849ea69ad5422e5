import type { ResourceBase, ResourceOf, ResourceType } from '@fairway-mcp/aws-sample';

export interface DbSnapshotAttributes {
  /** Identifier of the instance that it was taken of. */
  instance: string;
  engine: string;
  engineVersion: string;
  storageGiB: number;
  vpc: string;
  zone: string;
  resourceId: string;
  status: 'creating' | 'available';
}

/** Types that no sample holds: only writes make them. A service that creates something adds its type here. */
interface CreatedAttributes {
  'rds:snapshot': DbSnapshotAttributes;
}

type CreatedType = keyof CreatedAttributes;

/** Every type of resource that an emulator can hold. */
export type AnyType = ResourceType | CreatedType;

type ByType = { [T in ResourceType]: ResourceOf<T> } & { [T in CreatedType]: ResourceBase & { type: T; attributes: CreatedAttributes[T] } };

export type ResourceOfType<T extends AnyType> = ByType[T];

/** A resource as services see it: of the sample, or made by a write. Narrowing `type` narrows `attributes`. */
export type Resource = ByType[AnyType];
