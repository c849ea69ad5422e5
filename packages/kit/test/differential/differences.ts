import type { Json } from '../support/http.ts';
import type { Question } from './questions.ts';
import type { Answer, Sides } from './sides.ts';

/** Both sides' answers to one request. */
export interface Pair {
  question: Question;
  kit: Answer;
  sdk: Answer;
  sides: Sides;
}

/** One way in which the kit differs from the SDK's own handler on purpose. */
export interface Difference {
  /** The sentence in docs/architecture.md. */
  text: string;
  /** The kit's expected answer, given the SDK's; `undefined` when the difference does not apply. */
  expected(pair: Pair): Answer | undefined | Promise<Answer | undefined>;
}

const STREAM = 'text/event-stream';
const BOTH = `application/json, ${STREAM}`;

const refusal = (status: number, code: number, id: unknown, allow?: string): Answer => ({
  status,
  type: 'json',
  messages: [{ jsonrpc: '2.0', id, error: { code, message: '' } }],
  allow,
});

const acceptOf = ({ headers = {} }: Question) => String(headers.Accept ?? BOTH);
const isPost = ({ method = 'POST' }: Question) => method === 'POST';
const idsOf = (messages: readonly Json[]) => messages.map(({ id }) => id);

function bodyOf({ body = '' }: Question): Json {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const accept: Difference = {
  text: '`Accept` is not required. A client that does not accept `text/event-stream` gets no progress; the SDK rejects it in the older protocol, and sends it a stream regardless in the newer one.',
  async expected({ question, sdk, sides }) {
    const accepted = acceptOf(question);
    if (accepted === BOTH) return undefined;
    const answer = sdk.status === 406 ? await sides.sdk({ ...question, headers: { ...question.headers, Accept: BOTH } }) : sdk;
    const isTold = accepted.includes(STREAM) || accepted.includes('*/*');
    if (answer.type !== 'stream' || isTold) return answer === sdk ? undefined : answer;
    return { ...answer, type: 'json', messages: answer.messages.slice(-1) };
  },
};

const plain: Difference = {
  text: 'An answer without notifications is plain JSON in both versions; the SDK opens an event stream for the older one.',
  expected({ question, sdk }) {
    if (sdk.type !== 'stream' || sdk.messages.some(({ method }) => method !== undefined)) return undefined;
    const asked = bodyOf(question);
    const order = Array.isArray(asked) ? idsOf(asked) : [];
    // A stream carries answers as they are ready, a batch in the order of its requests.
    const messages = sdk.messages.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    return { ...sdk, type: 'json', messages };
  },
};

const batch: Difference = {
  text: 'A batch in which two requests have the same id is rejected; the SDK answers only one of them.',
  expected({ question }) {
    const asked = bodyOf(question);
    if (!Array.isArray(asked)) return undefined;
    const ids = idsOf(asked.filter((message) => message?.method !== undefined && message?.id !== undefined));
    return new Set(ids).size < ids.length ? refusal(400, -32600, null) : undefined;
  },
};

const handshake: Difference = {
  text: 'A batch never contains `initialize`, as the protocol requires; the SDK accepts one that contains nothing else.',
  expected({ question, sdk }) {
    const asked = bodyOf(question);
    const isHandshake = Array.isArray(asked) && asked.some((message) => message?.method === 'initialize' && message.id !== undefined);
    return isHandshake && sdk.messages[0]?.error?.code !== -32600 ? refusal(400, -32600, null) : undefined;
  },
};

const named: Difference = {
  text: 'The rejection of an unknown protocol version of the older era contains the request id; the SDK omits it.',
  expected({ question, sdk }) {
    const [message] = sdk.messages;
    const id = bodyOf(question)?.id;
    if (sdk.status !== 400 || message?.error?.code !== -32000 || message.id !== null || id === undefined) return undefined;
    return { ...sdk, messages: [{ ...message, id }] };
  },
};

const preflight: Difference = {
  text: 'Preflight requests (`OPTIONS`) from allowed origins are answered.',
  expected: ({ question }) => (question.method === 'OPTIONS' ? { status: 204, type: 'none', messages: [], allow: undefined } : undefined),
};

const SESSION = 'Mcp-Session-Id';

const sessions: Difference = {
  text: '2025 clients have sessions unless `--stateless` is set.',
  expected({ question, sides }) {
    if (!sides.hasSessions) return undefined;
    const hasSession = question.headers?.[SESSION] !== undefined;
    const { method = 'POST' } = question;
    if (method === 'DELETE' && hasSession) return { status: 200, type: 'none', messages: [], allow: undefined };
    if (method === 'DELETE' || method === 'GET') return hasSession ? undefined : refusal(400, -32000, null);
    if (!isPost(question) && method !== 'OPTIONS')
      return { ...refusal(405, -32000, null, 'POST, GET, DELETE'), ...(method === 'HEAD' && { messages: [] }) };
    return undefined;
  },
};

const words: Difference = {
  text: 'Error messages are worded differently. Codes and data are the same, except for the details of disagreeing headers.',
  expected({ kit, sdk }) {
    const changed = sdk.messages.map((message, index) => {
      const said = kit.messages[index]?.error;
      if (message?.error === undefined || said === undefined || JSON.stringify(message.error) === JSON.stringify(said)) return message;
      const { mismatch: _mismatch, ...data } = message.error.data ?? {};
      const rest = message.error.data === undefined || Object.keys(data).length === 0 ? {} : { data };
      const own = said.data?.mismatch === undefined ? rest : { data: message.error.data };
      return { ...message, error: { code: message.error.code, message: said.message, ...own } };
    });
    return changed.some((message, index) => message !== sdk.messages[index]) ? { ...sdk, messages: changed } : undefined;
  },
};

/** Tested separately, because the SDK's server validates arguments, not its transport. */
export const unknownArguments = 'Unknown arguments are rejected. The SDK ignores them.';

/** In the order in which they are applied to the SDK's answer. */
export const differences: readonly Difference[] = [accept, plain, batch, handshake, named, preflight, sessions, words];
