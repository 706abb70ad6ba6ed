/** A value of Anthropic's `thinking.type`. */
export type ThinkingType = 'enabled' | 'adaptive' | 'disabled' | 'between_tools';

/** What an upstream's own list says of one of its models; what it does not say is absent. It counts more than any built-in table. */
export interface ModelFacts {
  /** A name for people. */
  readonly title?: string;
  /** Tokens of input the model can read. */
  readonly contextWindow?: number;
  /** The most tokens an answer may have. */
  readonly maxOutput?: number;
  /** Epoch milliseconds. */
  readonly releasedAt?: number;
  readonly thinks?: boolean;
  /** The forms of Anthropic's `thinking` that it takes. */
  readonly thinkingTypes?: readonly ThinkingType[];
  /** The effort words that it takes; empty: it takes none. */
  readonly efforts?: readonly string[];
  /** What it reads besides text. */
  readonly inputs?: readonly ('image' | 'document' | 'audio' | 'video')[];
  /** True: an answer can be held to a JSON schema. */
  readonly outputSchema?: boolean;
  /** Gemini: the sampling it uses when a request names none, and the most it takes. */
  readonly sampling?: {
    readonly temperature?: number;
    readonly topP?: number;
    readonly topK?: number;
    readonly maxTemperature?: number;
  };
}

/** One model as an upstream lists it. */
export interface ListedModel {
  readonly id: string;
  readonly facts?: ModelFacts;
}
