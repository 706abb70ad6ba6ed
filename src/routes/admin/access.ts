import { createHash, randomBytes } from 'node:crypto';
import { AdminError } from '../../admin/admin-error.ts';
import { sameSecret } from '../client-key.ts';

/** Who may manage the gateway. */
export interface AccessPolicy {
  /** The hash of the admin password, when the owner has set one. */
  readonly passwordHash?: string;
  readonly isPassword: (shown: string) => Promise<boolean>;
  /** The client key serves as the password of other machines until one is set. */
  readonly apiKey: string;
}

/** Lets the owner in, by password, session or because the request comes from this machine. */
export interface Gate {
  /** Throws `AdminError` 401 for anybody else. `address` is the other end's IP address. */
  check(request: Request, address: string | undefined): Promise<void>;
  /** Opens a session for the right password; answers the `set-cookie` value, or `undefined` for a wrong one. */
  signIn(password: string, address: string | undefined): Promise<string | undefined>;
  /** Ends the session of a request; answers the `set-cookie` value that clears it. */
  signOut(request: Request): string;
}

const COOKIE = 'trivium_session';
const SESSION_MS = 7 * 24 * 60 * 60 * 1000;
const MOST_SESSIONS = 100;

interface Doors {
  readonly policy: () => AccessPolicy;
  readonly now: () => number;
  /** End of each session, by its token. */
  readonly sessions: Map<string, number>;
  /** Digest and hash of the last right password: checking the hash for each call of a script would cost more than the call. */
  proven?: { readonly digest: string; readonly hash: string };
}

/** Makes the gate. Sessions end with the process. */
export function createGate(policy: () => AccessPolicy, now: () => number): Gate {
  const doors: Doors = { policy, now, sessions: new Map() };
  return {
    check: async (request, address) => {
      if (await isLetIn(doors, request, address)) return;
      const wanted = doors.policy().passwordHash !== undefined ? 'the admin password' : 'the API key';
      throw new AdminError(
        'unauthenticated',
        `Send ${wanted} as "Authorization: Bearer …", or sign in at /ui/sign-in.`,
        {
          status: 401,
        },
      );
    },
    signIn: async (password, address) => {
      if (!(await isRightPassword(doors, password, address))) return undefined;
      return openSession(doors);
    },
    signOut: (request) => {
      doors.sessions.delete(sessionOf(request) ?? '');
      return `${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;
    },
  };
}

async function isLetIn(doors: Doors, request: Request, address: string | undefined): Promise<boolean> {
  const session = sessionOf(request);
  if (session !== undefined && (doors.sessions.get(session) ?? 0) > doors.now()) return true;
  if (doors.policy().passwordHash === undefined && isLoopback(address)) return true;
  const shown = request.headers.get('authorization')?.replace(/^bearer\s+/i, '');
  return shown !== undefined && isRightPassword(doors, shown, address);
}

async function isRightPassword(doors: Doors, shown: string, address: string | undefined): Promise<boolean> {
  const { passwordHash: hash, isPassword, apiKey } = doors.policy();
  if (hash === undefined) return isLoopback(address) || (apiKey !== '' && sameSecret(shown, apiKey));
  const digest = createHash('sha256').update(shown).digest('hex');
  if (doors.proven?.hash === hash && sameSecret(digest, doors.proven.digest)) return true;
  if (!(await isPassword(shown))) return false;
  doors.proven = { digest, hash };
  return true;
}

function openSession(doors: Doors): string {
  const token = randomBytes(32).toString('base64url');
  if (doors.sessions.size >= MOST_SESSIONS) doors.sessions.delete(doors.sessions.keys().next().value!);
  doors.sessions.set(token, doors.now() + SESSION_MS);
  return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_MS / 1000}`;
}

function sessionOf(request: Request): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(request.headers.get('cookie') ?? '')?.[1];
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address ?? '');
}
