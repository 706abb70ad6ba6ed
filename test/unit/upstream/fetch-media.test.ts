import { afterEach, describe, expect, test } from 'bun:test';
import { systemClock } from '../../../src/base/clock.ts';
import { GatewayError } from '../../../src/base/gateway-error.ts';
import { createFetchMedia, lookUp, type MediaPorts } from '../../../src/upstream/fetch-media.ts';
import { callNetwork } from '../../../src/upstream/send.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const running: { stop(): unknown }[] = [];
afterEach(() => {
  for (const server of running.splice(0)) server.stop();
});

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PUBLIC = '93.184.216.34';

/**
 * A web in which each name has its addresses, and the servers of public addresses are one at hand. What is asked of it is what
 * would be asked of the network, but for the address at the very end.
 */
function aWeb(
  answer: (url: URL, request: Request) => Response | Promise<Response>,
  names: { readonly [host: string]: readonly string[] } = {},
) {
  const asked: { readonly url: string; readonly headers: Headers }[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      asked.push({ url: request.url, headers: request.headers });
      return answer(new URL(request.url), request);
    },
  });
  running.push({ stop: () => server.stop(true) });
  const connected: string[] = [];
  const lookedUp: string[] = [];
  const ports: MediaPorts = {
    fetch: (url, init) => {
      connected.push(new URL(url).host);
      return callNetwork(url.replace(/^https?:\/\/[^/]+/, `http://127.0.0.1:${server.port}`), init);
    },
    lookUp: async (host) => {
      lookedUp.push(host);
      return names[host] ?? [PUBLIC];
    },
    clock: systemClock,
    proxyUrl: () => undefined,
  };
  return { ports, asked, connected, lookedUp, get: createFetchMedia(ports) };
}

const png = () => new Response(PNG, { headers: { 'content-type': 'image/png' } });
const redirect = (location: string) => new Response('', { status: 302, headers: { location } });

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(GatewayError);
  expect((thrown as GatewayError).kind).toBe('invalid-request');
  return (thrown as GatewayError).message;
}

describe('what a link leads to', () => {
  test('comes as base64, with its type', async () => {
    const web = aWeb(png);
    expect(await web.get('http://pictures.example/a.png?size=2')).toEqual({
      mimeType: 'image/png',
      data: PNG.toString('base64'),
    });
    expect(web.connected).toEqual([PUBLIC]);
    expect(new URL(web.asked[0]!.url).pathname).toBe('/a.png');
    expect(new URL(web.asked[0]!.url).search).toBe('?size=2');
  });

  test('is asked for without anything of the client or the user of the link', async () => {
    const web = aWeb(png);
    await web.get('http://user:secret@pictures.example:8080/a.png');
    const names = [...web.asked[0]!.headers.keys()].sort();
    expect(names).toEqual(['accept', 'accept-encoding', 'host', 'user-agent']);
    expect(web.asked[0]!.headers.get('host')).toBe('pictures.example:8080');
    expect(web.asked[0]!.headers.get('accept-encoding')).toBe('identity');
    expect(web.connected).toEqual([`${PUBLIC}:8080`]);
  });

  test('has the type that its bytes tell, where its server tells none or a wrong one', async () => {
    const untold = aWeb(() => new Response(PNG, { headers: { 'content-type': 'application/octet-stream' } }));
    expect((await untold.get('http://pictures.example/a')).mimeType).toBe('image/png');
    const wrong = aWeb(() => new Response(PNG, { headers: { 'content-type': 'image/jpeg; q=1' } }));
    expect((await wrong.get('http://pictures.example/a')).mimeType).toBe('image/png');
  });

  test('is found over redirects, each of which is looked up anew', async () => {
    const web = aWeb((url) => (url.pathname === '/a' ? redirect('//cdn.example/b') : png()));
    expect((await web.get('http://pictures.example/a')).mimeType).toBe('image/png');
    expect(web.lookedUp).toEqual(['pictures.example', 'cdn.example']);
  });

  test('is asked for at the next address when the first cannot be reached', async () => {
    const web = aWeb(png, { 'pictures.example': ['2606:4700::1', PUBLIC] });
    const get = createFetchMedia({
      ...web.ports,
      fetch: (url, init) =>
        url.startsWith('http://[2606:4700::1]/') ? Promise.reject(new Error('no way')) : web.ports.fetch(url, init),
    });
    expect((await get('http://pictures.example/a')).mimeType).toBe('image/png');
  });
});

describe('a link is not followed', () => {
  for (const [name, url] of Object.entries({
    'to this machine': 'http://127.0.0.1/a.png',
    'to this machine in other words': 'http://2130706433/a.png',
    'to this machine in octal': 'http://0177.0.0.1/a.png',
    'to this machine over IPv6': 'http://[::1]/a.png',
    'to a mapped address': 'http://[::ffff:10.0.0.1]/a.png',
    "to a cloud machine's own data": 'http://169.254.169.254/latest/meta-data',
    'to a network of its own': 'http://192.168.1.1/a.png',
    'to a unique local address': 'https://[fd00:ec2::254]/a.png',
  })) {
    test(name, async () => {
      const web = aWeb(png);
      expect(await refusalOf(web.get(url))).toBe('its address is not public');
      expect(web.connected).toEqual([]);
    });
  }

  test('to a name that leads into a network of its own', async () => {
    const web = aWeb(png, { 'inside.example': ['10.0.0.8'] });
    expect(await refusalOf(web.get('http://inside.example/a.png'))).toBe('its address is not public');
    expect(web.connected).toEqual([]);
  });

  test('to a name that leads to both', async () => {
    const web = aWeb(png, { 'both.example': [PUBLIC, '127.0.0.1'] });
    expect(await refusalOf(web.get('http://both.example/a.png'))).toBe('its address is not public');
    expect(web.connected).toEqual([]);
  });

  test('to the name of this machine, as the system looks it up', async () => {
    const web = aWeb(png);
    const get = createFetchMedia({ ...web.ports, lookUp });
    expect(await refusalOf(get('http://localhost/a.png'))).toBe('its address is not public');
    expect(web.connected).toEqual([]);
  });

  test('to a name whose address changes after it was checked', async () => {
    let times = 0;
    const web = aWeb(png);
    const get = createFetchMedia({ ...web.ports, lookUp: async () => (times++ === 0 ? [PUBLIC] : ['127.0.0.1']) });
    await get('http://rebinding.example/a.png');
    // one look, and the address that was seen is the one that was asked
    expect(times).toBe(1);
    expect(web.connected).toEqual([PUBLIC]);
  });

  for (const [name, location] of Object.entries({
    'this machine': 'http://127.0.0.1:80/secret.png',
    'a network of its own by name': 'http://inside.example/a.png',
    'a file': 'file:///etc/passwd',
    'nothing that is an address': 'http://[',
  })) {
    test(`when it redirects to ${name}`, async () => {
      const web = aWeb(() => redirect(location), { 'inside.example': ['172.16.0.9'] });
      expect(await refusalOf(web.get('http://pictures.example/a'))).toMatch(/not public|only http|no valid address/);
      expect(web.connected).toEqual([PUBLIC]);
    });
  }

  test('round and round', async () => {
    const web = aWeb((url) => redirect(`/${url.pathname.length}${url.pathname.slice(1)}`));
    expect(await refusalOf(web.get('http://pictures.example/a'))).toBe('its server redirects too often');
    expect(web.connected).toHaveLength(6);
  });

  test('to an unknown name, or to nobody', async () => {
    const web = aWeb(png);
    const unknown = createFetchMedia({ ...web.ports, lookUp: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await refusalOf(unknown('http://nowhere.example/a'))).toBe('its name cannot be resolved');
    const dead = createFetchMedia({ ...web.ports, fetch: () => Promise.reject(new Error('ECONNREFUSED')) });
    expect(await refusalOf(dead('http://pictures.example/a'))).toBe('its server cannot be reached');
  });
});

describe('what is not taken', () => {
  for (const [name, answer] of Object.entries<() => Response>({
    'a page': () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
    'an object': () => Response.json({ secret: 1 }),
    'bytes of which nothing is known': () =>
      new Response('abcdef', { headers: { 'content-type': 'binary/octet-stream' } }),
  })) {
    test(name, async () => {
      expect(await refusalOf(aWeb(answer).get('http://x.example/a'))).toBe('it is no image, PDF, sound or video');
    });
  }

  test('an error page', async () => {
    const web = aWeb(() => new Response(PNG, { status: 404, headers: { 'content-type': 'image/png' } }));
    expect(await refusalOf(web.get('http://x.example/a'))).toBe('its server answered with status 404');
  });

  test('nothing', async () => {
    const web = aWeb(() => new Response('', { headers: { 'content-type': 'image/png' } }));
    expect(await refusalOf(web.get('http://x.example/a'))).toBe('it is empty');
  });

  test('what says that it is too large', async () => {
    const web = aWeb(png);
    const large = () =>
      Promise.resolve(
        new Response(PNG, { headers: { 'content-type': 'image/png', 'content-length': String(21 * 1024 * 1024) } }),
      );
    const get = createFetchMedia({ ...web.ports, fetch: large });
    expect(await refusalOf(get('http://x.example/a'))).toBe('it is larger than 20 MB');
  });

  test('what goes on for ever', async () => {
    let given = 0;
    const body = () =>
      new ReadableStream({
        pull: (controller) => {
          given += 1024 * 1024;
          controller.enqueue(new Uint8Array(1024 * 1024));
        },
      });
    const web = aWeb(() => new Response(body(), { headers: { 'content-type': 'image/png' } }));
    expect(await refusalOf(web.get('http://x.example/a'))).toBe('it is larger than 20 MB');
    expect(given).toBeLessThan(64 * 1024 * 1024);
  });

  test('what takes too long, be it the name, the headers or the rest', async () => {
    const never = new Promise<never>(() => {});
    const headers = { 'content-type': 'image/png' };
    const web = aWeb(png);
    for (const slow of [
      { lookUp: () => never },
      { fetch: () => never },
      { fetch: () => Promise.resolve(new Response(new ReadableStream({ pull: () => never }), { headers })) },
    ]) {
      const clock = createFakeClock(0);
      const refusal = refusalOf(createFetchMedia({ ...web.ports, clock, ...slow })('http://x.example/a'));
      await clock.advance(9_999);
      await clock.advance(1);
      expect(await refusal).toBe('it did not come within 10 s');
    }
  });
});

test('over TLS the certificate must be of the name, though the address is connected to', async () => {
  const given: RequestInit[] = [];
  const web = aWeb(png);
  const get = createFetchMedia({
    ...web.ports,
    fetch: (_url, init) => {
      given.push(init);
      return Promise.resolve(png());
    },
  });
  await get('https://pictures.example/a.png');
  await get(`https://${PUBLIC}/a.png`);
  expect(given.map((init) => (init as { tls?: object }).tls)).toEqual([{ serverName: 'pictures.example' }, undefined]);
  expect(given.every((init) => init.redirect === 'manual')).toBe(true);
});
