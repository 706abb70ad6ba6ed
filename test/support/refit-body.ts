import type { JsonObject } from '../../src/base/json.ts';
import { readCallBody } from '../../src/relay/call.ts';
import type { UpstreamCodec } from '../../src/translate/dialect.ts';
import { editBytes, editObject } from '../../src/translate/edit-body.ts';
import { type TargetTraits, traitsOfReference } from '../../src/translate/target.ts';

/** A body after it was fitted to a model of another name, with the codes of what that cost; bytes and object must agree. */
export function refitBody(
  refit: UpstreamCodec['refit'],
  body: JsonObject,
  target: { readonly model: string; readonly traits?: TargetTraits; readonly renamed?: boolean },
): { readonly body: JsonObject; readonly lost: readonly string[] } {
  const text = JSON.stringify(body, undefined, 1);
  const bytes = new TextEncoder().encode(text);
  const { edits, losses } = refit(readCallBody(bytes), {
    model: target.model,
    traits: target.traits ?? traitsOfReference('anthropic-messages'),
    renamed: target.renamed ?? true,
  });
  const edited = new TextDecoder().decode(editBytes(bytes, edits));
  const fitted = editObject(body, edits);
  if (JSON.stringify(JSON.parse(edited)) !== JSON.stringify(fitted))
    throw new Error(`bytes and object differ: ${edited}`);
  return { body: fitted, lost: losses.map((loss) => loss.field) };
}
