/**
 * What servers say in a 400 of a model that they do not serve, or no longer: the model's matter, which another account may
 * settle, and not the request's. The model's name stands right beside the verb, since texts about fields name models too.
 */
const MODEL_REFUSED = new RegExp(
  [
    String.raw`\bmodel:? ?[\`'"]?[\w./:@-]*[\`'"]? (?:is|was|has been) (?:currently |temporarily |no longer )?`,
    '(?:unavailable|available|not available|not supported|disabled|deprecated|decommissioned|retired|shut down)',
    String.raw`|[\`'"][\w./:@-]+[\`'"] model is not (?:available|supported)`,
    String.raw`|\bmodel:? ?[\`'"]?[\w./:@-]+[\`'"]? does not exist`,
    '|invalid model(?: name| id)?\\b|unknown model\\b|no such model',
  ].join(''),
  'i',
);

/** Whether the text of a refused request says that the model is not served. */
export function refusesModel(message: string): boolean {
  return MODEL_REFUSED.test(message);
}
