/** @jsxImportSource preact */
import type { Texts } from '../locales/en.ts';

/** The form that asks for the admin password. */
export function SignInPage({ texts, wrong }: { readonly texts: Texts; readonly wrong: boolean }) {
  const words = texts.signIn;
  return (
    <section class="panel" aria-labelledby="sign-in-heading">
      <h1 id="sign-in-heading">{words.heading}</h1>
      <form class="fields" method="post" action="/ui/sign-in">
        {wrong ? (
          <p class="error" role="alert">
            {words.wrong}
          </p>
        ) : null}
        <div class="field">
          <label for="password">{words.password}</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
        </div>
        <button type="submit">{words.submit}</button>
      </form>
    </section>
  );
}
