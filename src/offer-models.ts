import type { Account } from './base/account.ts';
import { type AdvertisedModel, advertisedModel, advertisedModels } from './pool/advertised-models.ts';
import type { Alias } from './pool/alias.ts';
import type { ModelCatalog } from './pool/model-catalog.ts';
import type { OfferedModel } from './routes/model-shapes.ts';
import type { ModelsPort } from './routes/models.ts';
import { describeModel } from './translate/models/describe-model.ts';

/** The models that clients are offered, made of the accounts and aliases of one moment. The list is made when it is first asked for. */
export function offerModels(
  accounts: readonly Account[],
  aliases: readonly Alias[],
  catalog: ModelCatalog,
): ModelsPort {
  let offered: readonly OfferedModel[] | undefined;
  const begun = accounts.reduce((earliest, { createdAt }) => Math.min(earliest, createdAt), Number.MAX_SAFE_INTEGER);
  const offer = ({ id, ownedBy, model, facts }: AdvertisedModel): OfferedModel => {
    const described = describeModel(model, facts);
    return { id, owner: ownedBy, createdAt: described.releasedAt ?? begun, facts: described };
  };
  const list = () => {
    offered ??= advertisedModels(aliases, catalog).map(offer);
    return offered;
  };
  return {
    list,
    find: (id) => {
      const listed = list().find((model) => model.id === id);
      if (listed !== undefined) return listed;
      const advertised = advertisedModel(id, aliases, catalog);
      return advertised === undefined ? undefined : offer(advertised);
    },
  };
}
