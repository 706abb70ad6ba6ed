import { expect } from 'bun:test';
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; absent when there is none, and then the reason is printed once. */
export const CHROMIUM = findChromium();

const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser, without a window. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM!, args: SWITCHES });
}

/** A page that is watched while it is used. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** What the page complained about so far: console errors, violations of its own security policy, requests to other hosts. */
  complaints(): Promise<readonly string[]>;
}

/** Opens a page of our own in a window of its own. When it is disposed of, it must have complained about nothing. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const seen: string[] = [];
  page.on('console', (message) => {
    // a refused form is answered with its status, which the console notes
    const isRefusal = /status of 4(?:00|09|22)/.test(message.text());
    if (message.type() === 'error' && !isRefusal) seen.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.push(`script: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) seen.push(`elsewhere: ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      // biome-ignore lint/suspicious/noConsole: this runs in the page, whose console is what the test listens to
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(url);
  const complaints = async () => {
    // what was logged has arrived once the page answers
    await page.evaluate(() => 0);
    return seen;
  };
  return {
    page,
    complaints,
    [Symbol.asyncDispose]: async () => {
      const all = await complaints();
      await context.close();
      expect(all).toEqual([]);
    },
  };
}

function findChromium(): string | undefined {
  const found = PLACES.find((place) => existsSync(place));
  if (found === undefined) process.stderr.write('There is no Chromium here: the tests of the pages are left out.\n');
  return found;
}
