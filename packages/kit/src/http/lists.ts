import type { SdkChannel } from './channel.ts';
import type { Recipient } from './exchange.ts';

/**
 * The result of `tools/list` as JSON text, asked of the SDK once: it is the same for everybody and for as long as the process
 * runs. Failures are not kept.
 */
export function rememberedList(channel: () => SdkChannel, params: object): () => Promise<string> {
  let remembered: Promise<string> | undefined;
  return () => {
    remembered ??= ask(channel(), params).catch((error) => {
      remembered = undefined;
      throw error;
    });
    return remembered;
  };
}

function ask(channel: SdkChannel, params: object): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const recipient: Recipient = {
    id: 0,
    receive: () => undefined,
    finish(json) {
      const message = JSON.parse(json) as { result?: unknown };
      if (message.result === undefined) reject(new Error(`tools/list failed: ${json}`));
      else resolve(JSON.stringify(message.result));
    },
  };
  channel.ask({ method: 'tools/list', params }, recipient);
  return promise;
}
