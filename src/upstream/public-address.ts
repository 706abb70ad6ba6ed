import { isIPv4, isIPv6 } from 'node:net';

/** Networks of IPv4 that are not the public internet. https://www.iana.org/assignments/iana-ipv4-special-registry */
const SPECIAL_V4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // multicast, what is kept for later, and broadcast
  ['224.0.0.0', 3],
];

/**
 * Networks inside 2000::/3, outside of which nothing is public: for protocols and tunnels, which may end anywhere, and documents.
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const SPECIAL_V6: readonly (readonly [network: readonly number[], bits: number])[] = [
  [[0x2001, 0x0000], 23],
  [[0x2001, 0x0db8], 32],
  [[0x2002], 16],
  [[0x3fff, 0x0000], 20],
];

/**
 * Whether an IP address is one of the public internet. Addresses of IPv6 that hold one of IPv4 are not: they lead to wherever that
 * one leads, or to a network's own translator.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address))
    return !SPECIAL_V4.some(([network, bits]) => isInside(v4Groups(address), v4Groups(network), bits));
  if (!isIPv6(address)) return false;
  const groups = v6Groups(address);
  if (groups === undefined || !isInside(groups, [0x2000], 3)) return false;
  return !SPECIAL_V6.some(([network, bits]) => isInside(groups, network, bits));
}

function v4Groups(address: string): readonly number[] {
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
  return [a * 256 + b, c * 256 + d];
}

/** The eight groups of an address; `undefined` for one with a zone, which is never public. */
function v6Groups(address: string): readonly number[] | undefined {
  if (!URL.canParse(`http://[${address}]`)) return undefined;
  // a URL writes it in one way, without dots
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = '', after] = plain.split('::') as [string, string?];
  const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [head, tail] = [read(before), read(after ?? '')];
  return [...head, ...new Array(8 - head.length - tail.length).fill(0), ...tail];
}

/** Whether the first `bits` bits of groups of sixteen are the same. */
function isInside(groups: readonly number[], network: readonly number[], bits: number): boolean {
  for (let at = 0, left = bits; left > 0; at++, left -= 16) {
    const shift = Math.max(0, 16 - left);
    if ((groups[at] ?? 0) >> shift !== (network[at] ?? 0) >> shift) return false;
  }
  return true;
}
