/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact';
import type { AssetUrl } from './assets.ts';
import type { Texts } from './locales/en.ts';
import { PAGES } from './pages.ts';

/** What every page needs. */
export interface Frame {
  readonly title: string;
  readonly texts: Texts;
  readonly asset: AssetUrl;
}

/** The frame around a page. */
export function Layout({ frame, children }: { readonly frame: Frame; readonly children: ComponentChildren }) {
  const { title, texts, asset } = frame;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · ${texts.product}`}</title>
        <link rel="icon" href={asset('favicon.svg')} />
        <link rel="stylesheet" href={asset('app.css')} />
        <script src={asset('htmx.min.js')} defer />
      </head>
      <body>
        <header class="bar">
          <a class="brand" href="/ui">
            {texts.product}
          </a>
          <nav aria-label={texts.navigation}>
            {PAGES.filter(({ open }) => open !== true).map(({ path, name }) => (
              <a key={path} href={path} aria-current={texts.pages[name] === title ? 'page' : undefined}>
                {texts.pages[name]}
              </a>
            ))}
          </nav>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}
