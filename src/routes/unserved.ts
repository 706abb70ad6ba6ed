/** What vendors keep for one account, and a gateway over many accounts cannot find again. */
const UNSERVED: readonly { readonly path: RegExp; readonly what: string }[] = [
  { path: /(?:^|\/)(?:files|uploads?)(?:\/|$)/, what: 'Files' },
  { path: /(?:^|\/)batches(?:\/|$)/, what: 'Batches' },
  { path: /(?:^|\/)(?:fine_tuning|fine-tunes|tunedModels)(?:\/|$)/, what: 'Fine-tuned models' },
  { path: /(?:^|\/)(?:vector_stores|assistants|threads|containers)(?:\/|$)/, what: 'Stores and assistants' },
  { path: /(?:^|\/)cachedContents(?:\/|$)/, what: 'Cached contents' },
  { path: /(?:^|\/)interactions(?:\/|$)/, what: 'Interactions' },
  { path: /(?:^|\/)realtime(?:\/|$)/, what: 'Realtime sessions' },
];

/** What to say of a path that a vendor has and the gateway has not; `undefined` for a path that nobody has. */
export function explainUnserved(path: string): string | undefined {
  const found = UNSERVED.find((one) => one.path.test(path));
  if (found === undefined) return undefined;
  return `${found.what} are not served here: they belong to one account of one vendor. Ask the vendor itself.`;
}
