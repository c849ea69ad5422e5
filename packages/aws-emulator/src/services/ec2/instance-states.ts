import type { Resource, ResourceOfType } from '../../resources.ts';
import type { Call, QueryOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { QueryInput } from '../../wire/query-input.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';
import { checkDryRun } from './dry-run.ts';
import { INSTANCES, type InstanceState, instanceState } from './instances.ts';
import { chosen } from './listing.ts';

type Instance = ResourceOfType<'ec2:instance'>;

/** How a state is reached: from where, and through which state. */
interface Change {
  verb: 'started' | 'stopped';
  from: InstanceState;
  through: InstanceState;
  to: InstanceState;
}

const START: Change = { verb: 'started', from: 'stopped', through: 'pending', to: 'running' };
const STOP: Change = { verb: 'stopped', from: 'running', through: 'stopping', to: 'stopped' };

export const startInstances: QueryOperation = (input, call) => changeStates(START, input, call);
export const stopInstances: QueryOperation = (input, call) => changeStates(STOP, input, call);

/** All instances change, or none does. What is already there, or on its way, stays as it is. */
function changeStates(change: Change, input: QueryInput, call: Call): XmlRecord {
  const ids = input.list('InstanceId');
  if (ids.length === 0) throw new ServiceError('MissingParameter', 'The request must contain the parameter InstanceId');
  const instances = chosen(INSTANCES, ids, call);
  const blocked = instances.find(({ attributes: { state } }) => ![change.from, change.through, change.to].includes(state));
  if (blocked !== undefined) {
    const message = `The instance '${blocked.id}' is not in a state from which it can be ${change.verb}.`;
    throw new ServiceError('IncorrectInstanceState', message);
  }
  checkDryRun(input);
  return {
    instancesSet: items(
      'item',
      instances.map((instance) => changeState(change, instance, call)),
    ),
  };
}

function changeState({ from, through, to }: Change, instance: Instance, { state }: Call): XmlRecord {
  const previous = instance.attributes.state;
  if (previous === from) state.startTransition(inState(instance, through), (resource) => inState(resource, to));
  return {
    instanceId: instance.id,
    currentState: instanceState(previous === from ? through : previous),
    previousState: instanceState(previous),
  };
}

function inState(resource: Resource, state: InstanceState): Resource {
  return resource.type === 'ec2:instance' ? { ...resource, attributes: { ...resource.attributes, state } } : resource;
}
