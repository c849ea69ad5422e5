import type { Tags } from '@fairway-mcp/aws-sample';
import type { Call, RestAnswer, RestInput } from '../../service.ts';
import { countUserTags, findTagProblem, isSystemTag, MAX_USER_TAGS, type TagProblem } from '../../tags.ts';
import { ServiceError } from '../../wire/errors.ts';
import { isRecord } from '../../wire/json-input.ts';
import { malformedXml, parseXml } from '../../wire/xml-input.ts';
import { findBucket } from './buckets.ts';

/** Replaces all tags. Those that AWS set must be among them, unchanged. */
export function putTagging(input: RestInput, call: Call): RestAnswer {
  const bucket = findBucket(input, call, true);
  const hasChecksum = Object.keys(input.headers).some((name) => name === 'content-md5' || name.startsWith('x-amz-checksum-'));
  if (!hasChecksum) {
    throw new ServiceError('InvalidRequest', 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }
  const tags = readTags(input.body, bucket.tags ?? {});
  if (countUserTags(tags) > MAX_USER_TAGS) throw new ServiceError('BadRequest', `Bucket tag count cannot be greater than ${MAX_USER_TAGS}`);
  const lost = Object.keys(bucket.tags ?? {}).some((key) => isSystemTag(key) && !Object.hasOwn(tags, key));
  if (lost) throw invalidTag('System tags cannot be removed by requester');
  call.state.setTags(bucket.arn, tags);
  return { status: 204, body: '' };
}

export function deleteTagging(input: RestInput, call: Call): RestAnswer {
  const bucket = findBucket(input, call, true);
  const system = Object.entries(bucket.tags ?? {}).filter(([key]) => isSystemTag(key));
  call.state.setTags(bucket.arn, Object.fromEntries(system));
  return { status: 204, body: '' };
}

function readTags(body: string, current: Tags): Tags {
  const tags: Record<string, string> = {};
  for (const [key, value] of parseTagSet(body)) {
    const problem = current[key] === value && isSystemTag(key) ? undefined : findTagProblem([key, value]);
    if (problem !== undefined) throw invalidTag(MESSAGES[problem]);
    if (Object.hasOwn(tags, key)) throw invalidTag('Cannot provide multiple Tags with the same key');
    tags[key] = value;
  }
  return tags;
}

const MESSAGES: Readonly<Record<TagProblem, string>> = {
  empty_key: 'The TagKey you have provided is invalid',
  long_key: 'The TagKey you have provided is too long, max 128',
  long_value: 'The TagValue you have provided is too long, max 256',
  characters: 'The TagKey or TagValue you have provided is invalid',
  reserved: 'System tags cannot be added/updated by requester',
};

function invalidTag(message: string): ServiceError {
  return new ServiceError('InvalidTag', message);
}

/** @throws ServiceError MalformedXML when it is not `<Tagging><TagSet><Tag><Key/><Value/></Tag>…`. */
function parseTagSet(body: string): [key: string, value: string][] {
  const document = parseXml(body);
  const tagging = isRecord(document) ? document.Tagging : undefined;
  if (!isRecord(tagging) || !('TagSet' in tagging)) throw malformedXml();
  const tag = isRecord(tagging.TagSet) ? tagging.TagSet.Tag : undefined;
  const list: unknown[] = tag === undefined ? [] : Array.isArray(tag) ? tag : [tag];
  return list.map((item) => {
    if (!isRecord(item) || typeof item.Key !== 'string' || typeof item.Value !== 'string') throw malformedXml();
    return [item.Key, item.Value];
  });
}
