declare module 'undici/lib/api/api-request.js' {
  import type { Dispatcher } from 'undici';

  function request(this: Dispatcher, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  export = request;
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici';
  export = buildConnector;
}

declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export = Pool;
}

declare module 'undici/lib/interceptor/decompress.js' {
  import type { Dispatcher, interceptors } from 'undici';

  function decompress(options: Parameters<typeof interceptors.decompress>[0]): Dispatcher.DispatcherComposeInterceptor;
  export = decompress;
}
