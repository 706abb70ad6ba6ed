import type { AssistantPart, Message, UserPart } from './canonical/request.ts';

/** Hashes a turn after those before it. What does not reach a model, such as cache marks, is left out. */
export function hashMessage(message: Message, before: string): string {
  const parts: readonly (UserPart | AssistantPart)[] = message.parts;
  const hash = parts.reduce(hashPart, hashText(`${message.role}\n${before}`, 0n));
  return hash.toString(36);
}

function hashPart(hash: bigint, part: UserPart | AssistantPart): bigint {
  switch (part.type) {
    case 'text':
      return hashText(part.text, hash + 1n);
    case 'reasoning':
      return hashText(part.seal?.value ?? part.text, hash + 2n);
    case 'tool-call':
      return hashText(part.arguments, hashText(`${part.callId}\n${part.name}`, hash + 3n));
    case 'tool-result':
      return part.parts.reduce<bigint>(hashPart, hashText(part.callId, hash + (part.isError === true ? 5n : 4n)));
    case 'media':
      return hashText(JSON.stringify(part.source), hash + 6n);
    case 'opaque':
      return hashText(JSON.stringify(part.raw), hash + 7n);
    default:
      return part satisfies never;
  }
}

function hashText(text: string, seed: bigint): bigint {
  return BigInt(Bun.hash(text, seed & 0xffff_ffff_ffff_ffffn));
}
