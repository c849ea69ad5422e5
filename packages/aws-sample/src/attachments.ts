import type { NetworkInterfaceAttributes } from './attributes.ts';
import type { Draft } from './draft.ts';
import type { Network } from './network.ts';
import type { ResourceOf } from './types.ts';
import type { StaffedWorkload } from './workload.ts';

/** Something that needs a network interface or a volume: who, and when it was made. */
interface Owner {
  workload: StaffedWorkload;
  bornAt: string;
}

type InterfaceJob = Owner & NetworkInterfaceAttributes;
type RootVolumeJob = Owner & { zone: string; instance: string; nameTag: string };

/**
 * What is made along with something else. Ids are given out first, as long as the mix has any, so that the owner can refer
 * to them; the resources follow when their owners are there.
 */
export class Attachments {
  readonly #draft: Draft;
  readonly #interfaces = new Map<string, InterfaceJob>();
  readonly #rootVolumes = new Map<string, RootVolumeJob>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  networkInterface(job: InterfaceJob): string | undefined {
    if (this.#interfaces.size >= this.#draft.count('ec2:network-interface')) return undefined;
    const id = `eni-0${this.#draft.random.hex(16)}`;
    this.#interfaces.set(id, job);
    return id;
  }

  rootVolume(job: RootVolumeJob): string | undefined {
    if (this.#rootVolumes.size >= this.#draft.count('ec2:volume')) return undefined;
    const id = `vol-0${this.#draft.random.hex(16)}`;
    this.#rootVolumes.set(id, job);
    return id;
  }

  /** Makes the interfaces that were asked for, and unattached ones for the rest. */
  addInterfaces(network: Network, workloads: readonly StaffedWorkload[]): void {
    while (this.#interfaces.size < this.#draft.count('ec2:network-interface')) this.#spareInterface(network, workloads);
    for (const [id, { workload, bornAt, ...attributes }] of this.#interfaces) {
      const { instance, subnet, vpc } = attributes;
      const common = this.#draft.common({
        type: 'ec2:network-interface',
        workload,
        id,
        arnResource: `network-interface/${id}`,
        parents: instance === undefined ? [subnet, vpc] : [instance, subnet, vpc],
        bornAt,
        neglect: attributes.interfaceType === 'interface' ? 3.5 : 12,
      });
      this.#draft.add({ ...common, attributes }, workload);
    }
  }

  /** Makes the root volumes that were asked for; further volumes hang on some instance, or are left over from one. */
  addVolumes(instances: readonly ResourceOf<'ec2:instance'>[]): ResourceOf<'ec2:volume'>[] {
    const roots = [...this.#rootVolumes].map(([id, job]) => this.#addRoot(id, job));
    const others = Math.max(0, this.#draft.count('ec2:volume') - roots.length);
    return [...roots, ...Array.from({ length: others }, () => this.#addData(this.#draft.random.pick(instances)))];
  }

  #spareInterface(network: Network, workloads: readonly StaffedWorkload[]): void {
    const { random } = this.#draft;
    const workload = random.pick(workloads);
    const subnet = network.subnetFor(random, workload.vpc);
    this.networkInterface({
      workload,
      bornAt: this.#draft.birth(subnet.createdAt),
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
    const sizeGiB = this.#draft.random.pick([8, 8, 20, 30, 50, 100]);
    return this.#addVolume(
      { workload, bornAt, nameTag, id },
      { sizeGiB, volumeType: 'gp3', zone, encrypted: true, instance, device: '/dev/xvda' },
    );
  }

  #addData(instance: ResourceOf<'ec2:instance'>): ResourceOf<'ec2:volume'> {
    const { random } = this.#draft;
    const workload = this.#draft.workloadOf(instance);
    const attached = random.chance(0.6);
    return this.#addVolume(
      { workload, bornAt: this.#draft.birth(instance.createdAt), nameTag: `${workload.stem}-data`, id: `vol-0${random.hex(16)}` },
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
    const common = this.#draft.common({
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
    return this.#draft.add({ ...common, attributes }, workload);
  }
}

/** USD for a GiB and month. */
const GIB_MONTH = { gp2: 0.119, gp3: 0.0952, io2: 0.149, st1: 0.054 };
