/** @jsxImportSource preact */
import type { Texts } from '../locales/en.ts';
import { FORM_PROVIDERS, type FormState } from './form.ts';

/** The form that adds an account. It works without script; with it only the page's inside changes. */
export function AddAccountForm({ texts, form }: { readonly texts: Texts; readonly form: FormState }) {
  const words = texts.form;
  const { values } = form;
  return (
    <section aria-labelledby="add-heading">
      <h2 id="add-heading">{words.heading}</h2>
      <form
        class="fields"
        method="post"
        action="/ui/accounts"
        hx-post="/ui/accounts"
        hx-target="#page"
        hx-swap="outerHTML"
        autocomplete="off"
      >
        {form.message === undefined || hasPlace(form) ? null : (
          <p class="error" role="alert">
            {form.message}
          </p>
        )}
        <Field form={form} name="name" label={words.name} hint={words.nameHint} value={values.name} required />
        <div class="field">
          <label for="provider">{words.provider}</label>
          <select id="provider" name="provider" {...describe(form, 'provider')}>
            {FORM_PROVIDERS.map((provider) => (
              <option key={provider} value={provider} selected={provider === values.provider}>
                {provider}
              </option>
            ))}
          </select>
          <FieldError form={form} name="provider" />
        </div>
        <Field form={form} name="api_key" label={words.apiKey} hint={words.apiKeyHint} type="password" />
        <Field form={form} name="base_url" label={words.baseUrl} hint={words.baseUrlHint} value={values.baseUrl} />
        <Field form={form} name="models" label={words.models} hint={words.modelsHint} value={values.models} />
        <button type="submit" class="primary">
          {words.submit}
        </button>
      </form>
    </section>
  );
}

const KINDS = {
  text: { type: 'text', autocomplete: 'off' },
  password: { type: 'password', autocomplete: 'new-password' },
} as const;

interface FieldParts {
  readonly form: FormState;
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value?: string;
  readonly type?: 'text' | 'password';
  readonly required?: boolean;
}

function Field({ form, name, label, hint, value = '', type = 'text', required = false }: FieldParts) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} value={value} required={required} {...KINDS[type]} {...describe(form, name)} />
      <FieldError form={form} name={name} />
      <small id={`${name}-hint`}>{hint}</small>
    </div>
  );
}

/** The message stands at the field that it is about. */
function FieldError({ form, name }: { readonly form: FormState; readonly name: string }) {
  if (form.wrong !== name) return null;
  return (
    <p class="error" role="alert" id={`${name}-error`}>
      {form.message}
    </p>
  );
}

function describe(form: FormState, name: string) {
  const isWrong = form.wrong === name;
  return {
    'aria-describedby': isWrong ? `${name}-error ${name}-hint` : `${name}-hint`,
    'aria-invalid': isWrong,
    autofocus: isWrong,
  };
}

function hasPlace({ wrong }: FormState): boolean {
  return wrong !== undefined && INPUTS.includes(wrong);
}

const INPUTS: readonly string[] = ['name', 'provider', 'api_key', 'base_url', 'models'];
