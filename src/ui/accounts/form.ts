import { PROVIDER_IDS, type ProviderId } from '../../base/account.ts';
import type { JsonObject } from '../../base/json.ts';

/** What the form holds, as typed. The key is never sent back to the page. */
export interface AccountForm {
  readonly name: string;
  readonly provider: string;
  readonly baseUrl: string;
  readonly models: string;
}

/** A form with its message, when it could not be taken. */
export interface FormState {
  readonly values: AccountForm;
  readonly message?: string;
  /** The name of the input that is wrong. */
  readonly wrong?: string;
}

/** The form as a new user finds it. */
export const EMPTY_FORM: FormState = { values: { name: '', provider: 'openai', baseUrl: '', models: '' } };

/** Providers that the form offers: those an API key is enough for. */
export const FORM_PROVIDERS: readonly ProviderId[] = PROVIDER_IDS.filter((id) => id !== 'vertex');

/** The inputs whose admin fields have other names. */
const INPUT_OF: { readonly [field: string]: string } = {
  'credential.api_key': 'api_key',
  credential: 'api_key',
};

/** The input that an admin error is about. */
export function inputOf(field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  return INPUT_OF[field] ?? field.replace(/[.[].*$/, '');
}

/** What was typed, as the body of `POST /api/accounts` and as the form to show again. */
export function readForm(fields: URLSearchParams): { readonly body: JsonObject; readonly values: AccountForm } {
  const text = (name: string) => (fields.get(name) ?? '').trim();
  const values = { name: text('name'), provider: text('provider'), baseUrl: text('base_url'), models: text('models') };
  const key = text('api_key');
  const models = values.models.split(/[\s,]+/).filter((model) => model !== '');
  const body = {
    name: values.name,
    provider: values.provider,
    ...(values.baseUrl === '' ? {} : { base_url: values.baseUrl }),
    ...(key === '' ? {} : { credential: { type: 'api_key', api_key: key } }),
    ...(models.length === 0 ? {} : { models }),
  };
  return { body, values };
}
