import { type Instruments, type Log, noInstruments, openOtel } from '@fairway-mcp/telemetry';
import type { KitSettings } from '../config/kit-settings.ts';
import { parseOtelHeaders } from '../config/otel-headers.ts';
import type { ServerDescription } from '../define/server.ts';

export async function openInstruments(
  { otelEndpoint, otelHeaders, otelServiceName, otelTraceRatio }: KitSettings,
  { name, version }: ServerDescription['definition'],
  log: Log,
): Promise<Instruments> {
  if (otelEndpoint === undefined) return noInstruments;
  return openOtel({
    endpoint: otelEndpoint,
    headers: parseOtelHeaders(otelHeaders ?? '') ?? {},
    serviceName: otelServiceName ?? `fairway-${name}`,
    serviceVersion: version,
    traceRatio: otelTraceRatio,
    onFault: (message) => log.warn('Telemetry could not be sent', { reason: message }),
  });
}
