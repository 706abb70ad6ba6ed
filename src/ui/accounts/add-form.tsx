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
        {form.message === undefined ? null : (
          <p class="error" role="alert" id="form-error">
            {form.message}
          </p>
        )}
        <Field form={form} name="name" label={words.name} hint={words.nameHint} value={values.name} required />
        <div class="field">
          <label for="provider">{words.provider}</label>
          <select id="provider" name="provider">
            {FORM_PROVIDERS.map((provider) => (
              <option key={provider} value={provider} selected={provider === values.provider}>
                {provider}
              </option>
            ))}
          </select>
        </div>
        <Field form={form} name="api_key" label={words.apiKey} hint={words.apiKeyHint} type="password" />
        <Field form={form} name="base_url" label={words.baseUrl} hint={words.baseUrlHint} value={values.baseUrl} />
        <Field form={form} name="models" label={words.models} hint={words.modelsHint} value={values.models} />
        <button type="submit">{words.submit}</button>
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
  const isWrong = form.wrong === name;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        value={value}
        required={required}
        {...KINDS[type]}
        aria-describedby={isWrong ? `${name}-hint form-error` : `${name}-hint`}
        aria-invalid={isWrong}
      />
      <small id={`${name}-hint`}>{hint}</small>
    </div>
  );
}
