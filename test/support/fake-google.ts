import { type FakeAuthorization, type FakeAuthorizationOptions, fakeAuthorization } from './fake-authorization.ts';

/** Google's token server and models behind one address: Gemini's API and Vertex AI, which take the tokens it gave out. */
export interface FakeGoogle extends FakeAuthorization, AsyncDisposable {
  readonly url: string;
  readonly tokenUrl: string;
  /** The paths asked for answers, with the token that was shown. */
  readonly generations: readonly { readonly path: string; readonly token: string; readonly body: unknown }[];
}

/** What is special about it. */
export interface FakeGoogleOptions extends FakeAuthorizationOptions {
  /** Waited for before an answer is given. */
  readonly onGeneration?: () => Promise<void>;
}

/** Starts it on a free port of the loopback interface. */
export async function startFakeGoogle(options: FakeGoogleOptions = {}): Promise<FakeGoogle> {
  const authorization = fakeAuthorization(options);
  const generations: { path: string; token: string; body: unknown }[] = [];
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const path = new URL(request.url).pathname;
      if (path === '/token') return authorization.answer(request);
      const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
      if (!authorization.valid.has(token)) return denied();
      if (request.method === 'GET') return listModels(path);
      generations.push({ path, token, body: await request.json() });
      await options.onGeneration?.();
      if (path.includes('/anthropic/')) return Response.json(CLAUDE);
      return Response.json({
        candidates: [{ content: { role: 'model', parts: [{ text: 'hi' }] }, finishReason: 'STOP' }],
      });
    },
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    ...authorization,
    url,
    tokenUrl: `${url}/token`,
    generations,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

const CLAUDE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5',
  content: [{ type: 'text', text: 'hi' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

function denied(): Response {
  const message = 'Request had invalid authentication credentials.';
  return Response.json({ error: { code: 401, message, status: 'UNAUTHENTICATED' } }, { status: 401 });
}

function listModels(path: string): Response {
  const publisher = /\/publishers\/(\w+)\/models$/.exec(path)?.[1];
  if (publisher === undefined) return Response.json({ models: [{ name: 'models/gemini-3-flash' }] });
  const name = publisher === 'google' ? 'gemini-3-flash' : 'claude-sonnet-4-5';
  return Response.json({ publisherModels: [{ name: `publishers/${publisher}/models/${name}` }] });
}
