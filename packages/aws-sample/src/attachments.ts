import type { NetworkInterfaceAttributes } from './attributes.ts';
import type { OrganizationBuilder } from './builder.ts';
import type { Network } from './network.ts';
import type { ResourceOf } from './types.ts';
import type { OwnedWorkload } from './workload.ts';

/** What a network interface or volume is for: the workload, and when it was created. */
interface Owner {
  workload: OwnedWorkload;
  bornAt: string;
}

type InterfaceJob = Owner & NetworkInterfaceAttributes;
type RootVolumeJob = Owner & { zone: string; instance: string; nameTag: string };

/**
 * Network interfaces and volumes that are created along with something else. Their ids are reserved first, so that the owner can refer to
 * them; the resources follow when their owners exist.
 */
export class Attachments {
  readonly #builder: OrganizationBuilder;
  readonly #interfaces = new Map<string, InterfaceJob>();
  readonly #rootVolumes = new Map<string, RootVolumeJob>();

  constructor(builder: OrganizationBuilder) {
    this.#builder = builder;
  }

  networkInterface(job: InterfaceJob): string | undefined {
    if (this.#interfaces.size >= this.#builder.count('ec2:network-interface')) return undefined;
    const id = `eni-0${this.#builder.random.hex(16)}`;
    this.#interfaces.set(id, job);
    return id;
  }

  rootVolume(job: RootVolumeJob): string | undefined {
    if (this.#rootVolumes.size >= this.#builder.count('ec2:volume')) return undefined;
    const id = `vol-0${this.#builder.random.hex(16)}`;
    this.#rootVolumes.set(id, job);
    return id;
  }

  /** Creates the interfaces that were reserved, and unattached ones for the rest. */
  addInterfaces(network: Network, workloads: readonly OwnedWorkload[]): void {
    while (this.#interfaces.size < this.#builder.count('ec2:network-interface')) this.#spareInterface(network, workloads);
    for (const [id, { workload, bornAt, ...attributes }] of this.#interfaces) {
      const { instance, subnet, vpc } = attributes;
      const common = this.#builder.common({
        type: 'ec2:network-interface',
        workload,
        id,
        arnResource: `network-interface/${id}`,
        parents: instance === undefined ? [subnet, vpc] : [instance, subnet, vpc],
        bornAt,
        neglect: attributes.interfaceType === 'interface' ? 3.5 : 12,
      });
      this.#builder.add({ ...common, attributes }, workload);
    }
  }

  /** Creates the root volumes that were reserved; further volumes are attached to an instance, or left over from one. */
  addVolumes(instances: readonly ResourceOf<'ec2:instance'>[]): ResourceOf<'ec2:volume'>[] {
    const roots = [...this.#rootVolumes].map(([id, job]) => this.#addRoot(id, job));
    const others = Math.max(0, this.#builder.count('ec2:volume') - roots.length);
    return [...roots, ...Array.from({ length: others }, () => this.#addData(this.#builder.random.pick(instances)))];
  }

  #spareInterface(network: Network, workloads: readonly OwnedWorkload[]): void {
    const { random } = this.#builder;
    const workload = random.pick(workloads);
    const subnet = network.subnetFor(random, workload.vpc);
    this.networkInterface({
      workload,
      bornAt: this.#builder.birth(subnet.createdAt),
      vpc: workload.vpc,
      subnet: subnet.id,
      zone: subnet.attributes.zone,
      privateIp: network.address(subnet),
      securityGroups: network.groupsFor(random, workload),
      description: random.pick(['', `${workload.service} secondary`, 'failover']),
      interfaceType: 'interface',
      instance: undefined,
    });
  }

  #addRoot(id: string, { workload, bornAt, zone, instance, nameTag }: RootVolumeJob): ResourceOf<'ec2:volume'> {
    const sizeGiB = this.#builder.random.pick([8, 8, 20, 30, 50, 100]);
    return this.#addVolume(
      { workload, bornAt, nameTag, id },
      { sizeGiB, volumeType: 'gp3', zone, encrypted: true, instance, device: '/dev/xvda' },
    );
  }

  #addData(instance: ResourceOf<'ec2:instance'>): ResourceOf<'ec2:volume'> {
    const { random } = this.#builder;
    const workload = this.#builder.workloadOf(instance);
    const attached = random.chance(0.6);
    return this.#addVolume(
      { workload, bornAt: this.#builder.birth(instance.createdAt), nameTag: `${workload.stem}-data`, id: `vol-0${random.hex(16)}` },
      {
        sizeGiB: random.pick([50, 100, 100, 200, 500, 1000, 2000]),
        volumeType: random.pick(['gp3', 'gp3', 'gp2', 'io2', 'st1']),
        zone: instance.attributes.zone,
        encrypted: random.chance(0.8),
        instance: attached ? instance.id : undefined,
        device: attached ? `/dev/sd${random.pick(['f', 'g', 'h'])}` : undefined,
      },
    );
  }

  #addVolume(
    { workload, bornAt, nameTag, id }: Owner & { nameTag: string; id: string },
    attributes: ResourceOf<'ec2:volume'>['attributes'],
  ): ResourceOf<'ec2:volume'> {
    const { instance, sizeGiB, volumeType } = attributes;
    const common = this.#builder.common({
      type: 'ec2:volume',
      workload,
      id,
      arnResource: `volume/${id}`,
      nameTag,
      bornAt,
      parents: instance === undefined ? [] : [instance],
      dollars: sizeGiB * GIB_MONTH[volumeType],
      neglect: instance === undefined ? 3 : 1.5,
    });
    return this.#builder.add({ ...common, attributes }, workload);
  }
}

/** USD for a GiB and month. */
const GIB_MONTH = { gp2: 0.119, gp3: 0.0952, io2: 0.149, st1: 0.054 };
