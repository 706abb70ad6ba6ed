import { asObject, asObjects, type Json, type JsonObject } from '../../../src/base/json.ts';
import type { UpstreamDialect } from '../../../src/translate/conformance/scenario.ts';

/** A proof in a request, with what it stands on. */
export interface HeldProof {
  readonly proof: string;
  readonly thinking?: string;
  readonly args?: Json;
}

/** Everything of a request that caches and proofs depend on, in order: instructions and tools, then each turn, as text. */
export function turnsOf(dialect: UpstreamDialect, body: JsonObject): string[] {
  const { messages, input, contents, system, instructions, systemInstruction, tools } = body;
  const head = JSON.stringify([system, instructions, systemInstruction, tools]);
  const turns = {
    'openai-chat': messages,
    'openai-responses': input,
    'anthropic-messages': messages,
    gemini: contents,
  };
  return [head, ...asObjects(turns[dialect]).map((turn) => JSON.stringify(turn))];
}

/** Values that stand for a proof that was lost. */
const SENTINEL = 'skip_thought_signature_validator';

/** The proofs that a request brings back. */
export function proofsIn(dialect: UpstreamDialect, body: JsonObject): HeldProof[] {
  switch (dialect) {
    case 'openai-chat':
      return [];
    case 'openai-responses':
      return asObjects(body.input).flatMap(({ encrypted_content: proof }) =>
        typeof proof === 'string' ? [{ proof }] : [],
      );
    case 'anthropic-messages':
      return asObjects(body.messages)
        .flatMap(({ content }) => asObjects(content))
        .flatMap(({ type, signature, thinking }) =>
          type === 'thinking' ? [{ proof: String(signature), thinking: String(thinking) }] : [],
        );
    case 'gemini':
      return asObjects(body.contents)
        .flatMap(({ parts }) => asObjects(parts))
        .flatMap(({ thoughtSignature: proof, functionCall }) => {
          if (typeof proof !== 'string' || proof === SENTINEL) return [];
          const call = asObject(functionCall);
          return [{ proof, ...(call === undefined ? {} : { args: call.args ?? {} }) }];
        });
    default:
      return dialect satisfies never;
  }
}
