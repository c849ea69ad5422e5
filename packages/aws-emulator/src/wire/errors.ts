/** An error that a service answers with, before it is put into the form of the service's protocol. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error's body: `AcceleratorType`, `Reason`, `BucketName`. */
  readonly members: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    {
      status = 400,
      members = {},
      headers = {},
    }: { status?: number; members?: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
    this.members = members;
    this.headers = headers;
  }
}
