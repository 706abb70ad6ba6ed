import type { Clock } from '../base/clock.ts';
import type { LinkedData } from '../translate/links.ts';
import type { FetchMedia } from './fetch-media.ts';

/** How much is kept, in characters of base64, and how long after it was last wanted. */
const MOST_KEPT = 64 * 1024 * 1024;
const KEPT_MS = 60 * 60 * 1000;

interface Kept {
  readonly coming: Promise<LinkedData>;
  size: number;
  wantedAt: number;
}

/**
 * Keeps what links led to, so that each turn of a conversation gives the upstream the same bytes without asking for them again. What
 * failed is not kept; who asks while it is coming gets the same.
 */
export function keepMedia(fetchMedia: FetchMedia, clock: Clock): FetchMedia {
  // in the order in which they were last wanted
  const kept = new Map<string, Kept>();
  let size = 0;
  const forget = (url: string) => {
    size -= kept.get(url)?.size ?? 0;
    kept.delete(url);
  };
  const makeRoom = () => {
    const oldest = clock.now() - KEPT_MS;
    for (const [url, entry] of kept) {
      if (entry.wantedAt >= oldest && size <= MOST_KEPT) return;
      forget(url);
    }
  };
  const begin = (url: string): Promise<LinkedData> => {
    const coming = fetchMedia(url);
    const entry: Kept = { coming, size: 0, wantedAt: clock.now() };
    kept.set(url, entry);
    coming.then(
      ({ data }) => {
        if (kept.get(url) !== entry) return;
        entry.size = data.length;
        size += data.length;
        makeRoom();
      },
      () => {
        if (kept.get(url) === entry) kept.delete(url);
      },
    );
    return coming;
  };
  return (url) => {
    makeRoom();
    const known = kept.get(url);
    if (known === undefined) return begin(url);
    kept.delete(url);
    kept.set(url, known);
    known.wantedAt = clock.now();
    return known.coming;
  };
}
