import { type Collector, type Instruments, type Log, noInstruments, openOtel } from '@fairway-mcp/telemetry';
import type { KitSettings } from '../config/kit-settings.ts';
import { parseOtelHeaders } from '../config/otel-headers.ts';
import type { ServerDescription } from '../define/server.ts';

export async function openInstruments(
  settings: KitSettings,
  { name, version }: ServerDescription['definition'],
  log: Log,
): Promise<Instruments> {
  const collector = collectorOf(settings);
  if (collector === undefined) return noInstruments;
  const { otelServiceName, otelTraceRatio } = settings;
  return openOtel({
    ...collector,
    serviceName: otelServiceName ?? `fairway-${name}`,
    serviceVersion: version,
    traceRatio: otelTraceRatio,
    onFault: (message) => log.warn('Telemetry could not be sent', { reason: message }),
  });
}

/** Where telemetry is sent, if anywhere. */
export function collectorOf({ otelEndpoint, otelHeaders = '' }: KitSettings): Collector | undefined {
  return otelEndpoint === undefined ? undefined : { endpoint: otelEndpoint, headers: parseOtelHeaders(otelHeaders) ?? {} };
}
