import type { Aws, AwsError } from '@fairway-mcp/aws';
import { regionDoubt } from '../inventory/region-doubt.ts';

/** Why nothing can be asked of AWS at all, for the user, and what to do. */
export interface AccessProblem {
  /** AWS answered, and does not accept the credentials; or there are none. */
  isRejected: boolean;
  message: string;
  /** Without a full stop, so that more can follow. */
  remedy: string;
}

/** What a failed `sts:GetCallerIdentity` means. Its permission cannot be missing, so that it is the credentials, the address or the network. */
export async function accessProblem(error: AwsError, aws: Aws): Promise<AccessProblem> {
  const endpoint = await aws.endpoint();
  const isRejected = error.failure === 'credentials' || error.failure === 'access_denied';
  if (isRejected) return { isRejected, ...(await credentialsProblem(error.code, endpoint, aws)) };
  return { isRejected, ...(endpoint === undefined ? await networkProblem(error, aws) : endpointProblem(error, endpoint)) };
}

/** Names that the SDK gives to its own errors, before it calls AWS. */
const NONE_FOUND = /^(CredentialsProviderError|TokenProviderError)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|ExpiredTokenError)$/;

async function credentialsProblem(
  code: string,
  endpoint: string | undefined,
  aws: Aws,
): Promise<Pick<AccessProblem, 'message' | 'remedy'>> {
  if (NONE_FOUND.test(code)) {
    const message = await aws.profileProblem();
    if (message !== undefined) return { message, remedy: PROFILE_REMEDY };
    return {
      message: 'There are no AWS credentials: neither the environment nor the profile nor the machine has usable ones.',
      remedy: 'Where this server runs, set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in (aws sso login)',
    };
  }
  const remedy = 'Renew them where this server runs (for SSO: aws sso login)';
  if (EXPIRED.test(code)) return { message: 'The AWS credentials have expired.', remedy };
  const who = endpoint === undefined ? 'AWS' : `The address that stands for AWS, ${address(endpoint)},`;
  return { message: `${who} does not accept the credentials.`, remedy };
}

const PROFILE_REMEDY =
  'Where this server runs, correct AWS_PROFILE (--aws-profile), or create the profile with aws configure sso --profile NAME';

function endpointProblem({ failure }: AwsError, endpoint: string): Pick<AccessProblem, 'message' | 'remedy'> {
  const at = address(endpoint);
  const remedy = 'Correct or remove AWS_ENDPOINT_URL (or endpoint_url of the profile) where this server runs';
  if (at === undefined) return { message: 'The address in AWS_ENDPOINT_URL is not one that begins with http:// or https://.', remedy };
  const isSilent = failure === 'unavailable' || failure === 'timeout' || failure === 'throttled';
  return {
    message: isSilent
      ? `AWS cannot be reached: nothing usable answers at ${at}, the address that is set in place of AWS.`
      : `AWS cannot be reached: what answers at ${at}, the address that is set in place of AWS, is not AWS.`,
    remedy,
  };
}

/** The address of a region that does not exist cannot be resolved. */
async function networkProblem(error: AwsError, aws: Aws): Promise<Pick<AccessProblem, 'message' | 'remedy'>> {
  const doubt = regionDoubt(await aws.homeRegion());
  const message = `AWS cannot be reached: ${error.message}`;
  if (doubt === undefined) return { message, remedy: 'Try again in a minute' };
  return { message: `${message} ${doubt}`, remedy: 'Correct the region (--aws-region, AWS_REGION or the profile)' };
}

/** Without the user name, password and path that an address may contain. */
function address(endpoint: string): string | undefined {
  const url = URL.parse(endpoint);
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}
