/** Tools that more than one vendor runs for its models. */
export type ServerToolKind = 'web-search' | 'web-fetch' | 'code';

/** What a client asks of such a tool. What it leaves out is the vendor's own choice. */
export interface ServerToolWish {
  readonly kind: ServerToolKind;
  /** The most calls in one answer. */
  readonly maxUses?: number;
  /** Hosts that may be searched; never both lists. */
  readonly allowedDomains?: readonly string[];
  readonly blockedDomains?: readonly string[];
  /** Roughly where the user is: each name as both OpenAI and Anthropic call it. */
  readonly location?: {
    readonly city?: string;
    readonly region?: string;
    readonly country?: string;
    readonly timezone?: string;
  };
  /** How much of what was found the model reads. */
  readonly contextSize?: 'low' | 'medium' | 'high';
}

/** A page that a tool found or read. */
export interface FoundPage {
  readonly url: string;
  readonly title?: string;
}

/** What such a tool did: a call, its result, or both where a vendor tells them as one. */
export interface ServerToolUse {
  readonly kind: ServerToolKind;
  /** What was searched for, the address that was read, or the code that ran. Absent in a result alone. */
  readonly input?: string;
  readonly pages?: readonly FoundPage[];
  /** What the code wrote. */
  readonly output?: string;
}

const NAMES: { readonly [K in ServerToolKind]: string } = {
  'web-search': 'web search',
  'web-fetch': 'web page',
  code: 'code execution',
};

/** The words that stand in a history for what a tool of another vendor did. The same use always gives the same words. */
export function noteOfUse({ kind, input, pages, output }: ServerToolUse): string {
  const name = NAMES[kind];
  const head = input === undefined ? `[${name} result]` : input === '' ? `[${name}]` : `[${name}: ${input}]`;
  const found = (pages ?? []).map(({ url, title }) => `- ${title === undefined ? url : `${title}: ${url}`}`);
  const lines = [head, ...found, ...(output === undefined || output === '' ? [] : [output.trimEnd()])];
  // what is said after it begins a line of its own, also where texts are joined
  return `${lines.join('\n')}\n`;
}
