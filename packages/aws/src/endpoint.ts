/**
 * Where a client's calls go instead of to AWS: what it was given, or what the SDK found in its environment and files
 * (`AWS_ENDPOINT_URL` and its kin). `undefined`: to AWS.
 * @param config of a client. The SDK keeps what it found to itself; a wire test notices if it moves.
 */
export async function customEndpoint(given: unknown, config: object): Promise<string | undefined> {
  if (typeof given === 'string') return given;
  if (!('serviceConfiguredEndpoint' in config) || typeof config.serviceConfiguredEndpoint !== 'function') return undefined;
  const found: unknown = await config.serviceConfiguredEndpoint();
  return typeof found === 'string' ? found : undefined;
}
