import type { ProviderId } from '../base/account.ts';

interface Family {
  readonly pattern: RegExp;
  readonly providers: readonly ProviderId[];
}

const FAMILIES: readonly Family[] = [
  { pattern: /^(?:ft:)?(?:gpt-|chatgpt-|codex|o\d)/, providers: ['openai'] },
  // what is no conversation, and stands in no list of models
  {
    pattern: /^(?:text-embedding-(?:3|ada)|(?:omni|text)-moderation|whisper-|tts-|dall-e-|chatgpt-image)/,
    providers: ['openai'],
  },
  { pattern: /^(?:text-embedding-0|embedding-0)/, providers: ['gemini', 'vertex'] },
  { pattern: /^claude-/, providers: ['anthropic', 'vertex'] },
  { pattern: /^gemini-/, providers: ['gemini', 'vertex'] },
  { pattern: /^(?:glm-|cogview-|embedding-[23]$)/, providers: ['zai'] },
];

/** The providers whose own models are named so, the first one first; none for a name of no well-known family. */
export function familyOf(model: string): readonly ProviderId[] {
  return FAMILIES.find((family) => family.pattern.test(model))?.providers ?? [];
}
