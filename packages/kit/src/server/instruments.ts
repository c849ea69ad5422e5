import { type Instruments, type Log, noInstruments, openOtel } from '@fairway-mcp/telemetry';
import type { KitSettings } from '../config/kit-settings.ts';
import type { ServerDescription } from '../define/server.ts';
import { UsageError } from '../protocol/errors.ts';

/** @throws UsageError when the headers for the collector are malformed. */
export async function openInstruments(
  { otelEndpoint, otelHeaders, otelServiceName, otelTraceRatio }: KitSettings,
  { name, version }: ServerDescription['definition'],
  log: Log,
): Promise<Instruments> {
  if (otelEndpoint === undefined) return noInstruments;
  return openOtel({
    endpoint: otelEndpoint,
    headers: parseHeaders(otelHeaders ?? ''),
    serviceName: otelServiceName ?? `fairway-${name}`,
    serviceVersion: version,
    traceRatio: otelTraceRatio,
    onFault: (message) => log.warn('Telemetry could not be sent', { reason: message }),
  });
}

/**
 * `name=value,name=value`, values percent-encoded, as the OpenTelemetry specification writes them.
 * @throws UsageError when a value is not
 */
function parseHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
  });
  try {
    return Object.fromEntries(pairs.map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new UsageError('otelHeaders (OTEL_EXPORTER_OTLP_HEADERS) has a value that is not percent-encoded: write "%25" for "%".');
  }
}
