import { type Letter, streamEvents, wholeAnswer } from './wire-samples.ts';

/**
 * An upstream on raw sockets that is never the bottleneck. The model's name says what it answers:
 * `<letter>-whole`, `<letter>-burst-<events>` (one write) or `<letter>-paced-<events>-<pause ms>` (one write each).
 */
interface Connection {
  pending: Buffer[];
  length: number;
  /** Bytes of the request under way, head and body, once its head is known. */
  wanted: number;
  head: string;
}

const ready = new Map<string, Buffer | Buffer[]>();

function chunked(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

const STREAM_HEAD = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n',
);
const STREAM_END = Buffer.from('0\r\n\r\n');

function answerOf(model: string): Buffer | Buffer[] {
  const known = ready.get(model);
  if (known !== undefined) return known;
  const [letter, form, count] = model.split('-') as [Letter, string, string];
  let made: Buffer | Buffer[];
  if (form === 'whole') {
    const body = Buffer.from(wholeAnswer(letter, model));
    made = Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`),
      body,
    ]);
  } else {
    const events = streamEvents(letter, model, Number(count)).map(chunked);
    made = form === 'burst' ? Buffer.concat([STREAM_HEAD, ...events, STREAM_END]) : events;
  }
  ready.set(model, made);
  return made;
}

const server = Bun.listen<Connection>({
  hostname: '127.0.0.1',
  port: 0,
  socket: {
    open: (socket) => {
      socket.data = { pending: [], length: 0, wanted: 0, head: '' };
    },
    data: (socket, bytes) => {
      const connection = socket.data;
      connection.pending.push(Buffer.from(bytes));
      connection.length += bytes.length;
      if (connection.wanted === 0 && !readHead(connection)) return;
      if (connection.length < connection.wanted) return;
      const model = modelOf(connection);
      connection.pending = [];
      connection.length = 0;
      connection.wanted = 0;
      answer(socket, model);
    },
    error: () => {},
  },
});

function readHead(connection: Connection): boolean {
  const joined = connection.pending.length === 1 ? connection.pending[0]! : Buffer.concat(connection.pending);
  connection.pending = [joined];
  const end = joined.indexOf('\r\n\r\n');
  if (end < 0) return false;
  connection.head = joined.toString('latin1', 0, end);
  connection.wanted = end + 4 + Number(/content-length: (\d+)/i.exec(connection.head)?.[1] ?? 0);
  return true;
}

function modelOf(connection: Connection): string {
  const inPath = /\/models\/([^:/ ]+):/.exec(connection.head)?.[1];
  if (inPath !== undefined) return inPath;
  for (const piece of connection.pending) {
    const at = piece.indexOf('"model":"');
    if (at >= 0) return piece.toString('latin1', at + 9, piece.indexOf('"', at + 9));
  }
  return 'o-whole';
}

function answer(socket: Bun.Socket<Connection>, model: string): void {
  const made = answerOf(model);
  if (Buffer.isBuffer(made)) {
    writeAll(socket, made);
    return;
  }
  const pause = Number(model.split('-')[3]);
  socket.write(STREAM_HEAD);
  let at = 0;
  const timer = setInterval(() => {
    const event = made[at++];
    const written = event === undefined ? socket.write(STREAM_END) : socket.write(event);
    if (event === undefined || written < 0) clearInterval(timer);
  }, pause);
}

function writeAll(socket: Bun.Socket<Connection>, bytes: Buffer): void {
  let rest = bytes;
  const push = () => {
    const written = socket.write(rest);
    if (written < 0) return;
    rest = rest.subarray(written);
    if (rest.length > 0) setTimeout(push, 1);
  };
  push();
}

console.log(server.port);
