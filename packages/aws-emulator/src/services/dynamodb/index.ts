import type { ResourceOf } from '@fairway-mcp/aws-sample';
import { JSON_ERRORS } from '../../common-errors.ts';
import type { Call, JsonOperation, JsonService } from '../../service.ts';
import { addTags, describeTagProblem, MAX_USER_TAGS, removeTags } from '../../tags.ts';
import { ServiceError } from '../../wire/errors.ts';
import { type JsonInput, outOfRange } from '../../wire/json-input.ts';

type Table = ResourceOf<'dynamodb:table'>;

const MAX_TABLES = 100;
const TAGS_PER_PAGE = 10;

/** Pages go on behind a table's name, not a token. */
const listTables: JsonOperation = (input, call) => {
  const limit = input.integer('Limit') ?? MAX_TABLES;
  const problem = outOfRange('limit', limit, 1, MAX_TABLES);
  if (problem !== undefined) throw new ServiceError('ValidationException', problem);
  const start = input.text('ExclusiveStartTableName') ?? '';
  const names = call.state.of(call.account, call.region, 'dynamodb:table').map(({ name }) => name);
  const rest = names.toSorted().filter((name) => name > start);
  const page = rest.slice(0, call.pager.size(limit));
  return { TableNames: page, LastEvaluatedTableName: page.length < rest.length ? page.at(-1) : undefined };
};

const describeTable: JsonOperation = (input, call) => {
  const name = input.text('TableName') ?? '';
  const table = findTable(name.startsWith('arn:') ? name : `arn:aws:dynamodb:${call.region}:${call.account}:table/${name}`, call);
  if (table === undefined) throw notFound(`Requested resource not found: Table: ${name} not found`);
  return { Table: describe(table) };
};

const listTags: JsonOperation = (input, call) => {
  const { arn, ...table } = findTagged(input, call);
  const tags = Object.entries(table.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const { items, next } = call.pager.page(tags, { listing: `dynamodb/tags/${arn}`, limit: TAGS_PER_PAGE, token: input.text('NextToken') });
  return { Tags: items, NextToken: next };
};

const tagResource: JsonOperation = (input, call) => {
  const table = findTagged(input, call);
  const tags = Object.fromEntries(input.records('Tags').map((tag) => [tag.text('Key') ?? '', tag.text('Value') ?? '']));
  const problem = describeTagProblem(tags);
  if (problem !== undefined) throw new ServiceError('ValidationException', `One or more parameter values were invalid: ${problem}`);
  const changed = addTags(table.tags, tags);
  if (changed === undefined) throw new ServiceError('ValidationException', `Too many tags: a resource may have at most ${MAX_USER_TAGS}`);
  call.state.setTags(table.arn, changed);
  return undefined;
};

const untagResource: JsonOperation = (input, call) => {
  const table = findTagged(input, call);
  call.state.setTags(table.arn, removeTags(table.tags, input.texts('TagKeys')));
  return undefined;
};

/** The table whose tags are meant. */
function findTagged(input: JsonInput, call: Call): Table {
  const arn = input.text('ResourceArn') ?? '';
  if (!arn.startsWith('arn:aws:dynamodb:'))
    throw new ServiceError('ValidationException', `Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  const table = findTable(arn, call);
  if (table === undefined) throw notFound(`Requested resource not found: ResourcArn: ${arn} not found`);
  return table;
}

function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

function findTable(arn: string, { state, account, region }: Call): Table | undefined {
  const table = state.byArn(arn);
  return table?.type === 'dynamodb:table' && table.account === account && table.region === region ? table : undefined;
}

function describe({ arn, name, createdAt, attributes }: Table): object {
  const { tableId, billing, items, bytes, hashKey } = attributes;
  const units = billing === 'PROVISIONED' ? 5 : 0;
  return {
    AttributeDefinitions: [{ AttributeName: hashKey, AttributeType: 'S' }],
    TableName: name,
    KeySchema: [{ AttributeName: hashKey, KeyType: 'HASH' }],
    TableStatus: 'ACTIVE',
    CreationDateTime: Date.parse(createdAt) / 1000,
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: units, WriteCapacityUnits: units },
    TableSizeBytes: bytes,
    ItemCount: items,
    TableArn: arn,
    TableId: tableId,
    BillingModeSummary: billing === 'PAY_PER_REQUEST' ? { BillingMode: billing } : undefined,
    DeletionProtectionEnabled: false,
  };
}

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/ */
export const dynamodb: JsonService = {
  name: 'dynamodb',
  protocol: 'json-1.0',
  target: 'DynamoDB_20120810',
  errorNamespace: 'com.amazonaws.dynamodb.v20120810',
  errors: {
    ...JSON_ERRORS,
    internal: { code: 'InternalServerError', status: 500, message: 'Internal server error' },
    badToken: { code: 'ValidationException', status: 400, message: 'Invalid NextToken' },
  },
  operations: {
    ListTables: listTables,
    DescribeTable: describeTable,
    ListTagsOfResource: listTags,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
};
