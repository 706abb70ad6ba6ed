import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Browser, Locator } from 'playwright-core';
import { accountAt } from '../support/accounts-at.ts';
import { CHROMIUM, openPage, startBrowser } from '../support/browser.ts';
import { type Gateway, startGateway } from '../support/executable.ts';
import { rateLimited, status } from '../support/fake-upstream/scenario.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';

describe.skipIf(CHROMIUM === undefined)('the page of accounts', () => {
  let browser: Browser;
  let gateway: Gateway;
  let upstream: FakeUpstream;

  beforeAll(async () => {
    browser = await startBrowser();
    upstream = await startFakeUpstream({ models: ['model-a', 'model-b', 'model-c', 'model-d'] });
  });

  beforeEach(async () => {
    await gateway?.[Symbol.asyncDispose]();
    gateway = await startGateway({ flags: { 'patience-s': '0' } });
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await upstream.stop();
    await browser.close();
  });

  const ask = (model: string) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
    });

  test('shows a new owner what runs, where, and how to try it', async () => {
    await using watched = await openPage(browser, gateway.url);
    const { page } = watched;
    expect(page.url()).toBe(`${gateway.url}/ui`);
    expect(await page.title()).toBe('Accounts · Trivium');
    const text = await wordsOf(page.locator('main'));
    for (const words of ['running', '1 active account', gateway.url, 'demo', 'trivium-echo', 'curl']) {
      expect(text).toContain(words);
    }
    // what the page tells to type works
    const example = await wordsOf(page.locator('pre'));
    expect(example).toContain(`${gateway.url}/v1/chat/completions`);
  });

  test('takes an account by its form, shows how it fares, and removes it once that is confirmed', async () => {
    await using watched = await openPage(browser, `${gateway.url}/ui`);
    const { page } = watched;
    await page.getByLabel('Name').fill('work');
    await page.getByLabel('Provider').selectOption('openai-compatible');
    await page.getByLabel('API key').fill('sk-typed-0123456789');
    await page.getByLabel('Base URL').fill(upstream.baseUrlFor('openai-compatible'));
    await page.getByRole('button', { name: 'Add account' }).click();
    await page.getByRole('status').waitFor();
    expect(await wordsOf(page.getByRole('status'))).toBe('The account "work" was added. It works: 4 models.');
    const card = page.getByRole('listitem').filter({ hasText: 'work' });
    expect(await wordsOf(card)).toMatch(/work\s+openai-compatible\s+ready\s+model-a, model-b, model-c and 1 more/);
    // the form is empty again, and the key was sent to the upstream alone
    expect(await page.getByLabel('Name').inputValue()).toBe('');
    expect(await page.content()).not.toContain('sk-typed');
    expect(upstream.requests.at(-1)!.headers.authorization).toBe('Bearer sk-typed-0123456789');
    expect((await ask('work/model-a')).status).toBe(200);

    await card.getByRole('button', { name: 'Test: work' }).click();
    expect(await wordsOf(page.getByRole('status'))).toContain('It works: 4 models.');
    await card.getByRole('button', { name: 'Disable: work' }).click();
    await card.getByText('disabled').waitFor();
    await card.getByRole('button', { name: 'Enable: work' }).click();
    await card.getByText('ready').waitFor();

    page.once('dialog', (dialog) => dialog.dismiss());
    await card.getByRole('button', { name: 'Remove: work' }).click();
    expect(await card.count()).toBe(1);
    let question = '';
    page.once('dialog', (dialog) => {
      question = dialog.message();
      return dialog.accept();
    });
    await card.getByRole('button', { name: 'Remove: work' }).click();
    await card.waitFor({ state: 'detached' });
    expect(question).toContain('"work"');
    expect((await gateway.api<{ items: unknown[] }>('/api/accounts')).body.items.length).toBe(1);
  });

  test('says at its field what is wrong with an entry, and keeps the others', async () => {
    await using watched = await openPage(browser, `${gateway.url}/ui`);
    const { page } = watched;
    const entries = [
      { label: 'Base URL', id: 'base_url', value: 'ftp://nowhere', words: /http:\/\/ or https:\/\// },
      { label: 'API key', id: 'api_key', value: '', words: /\S/ },
    ];
    await page.getByLabel('Provider').selectOption('openai');
    for (const { label, id, value, words } of entries) {
      await page.getByLabel('Name').fill('mine');
      await page.getByLabel('Base URL').fill('');
      await page.getByLabel('API key').fill('sk-typed-0123456789');
      await page.getByLabel(label).fill(value);
      await page.getByRole('button', { name: 'Add account' }).click();
      const field = page.locator(`#${id}[aria-invalid="true"]`);
      await field.waitFor();
      const [described] = (await field.getAttribute('aria-describedby'))!.split(' ');
      const message = page.locator(`#${described}`);
      expect(await message.getAttribute('role')).toBe('alert');
      expect(await wordsOf(message)).toMatch(words);
      const [input, alert] = [(await field.boundingBox())!, (await message.boundingBox())!];
      expect(alert.y - (input.y + input.height)).toBeWithin(0, 40);
      expect(await page.getByLabel('Name').inputValue()).toBe('mine');
      expect(await page.getByLabel('Provider').inputValue()).toBe('openai');
      expect(await page.getByLabel('API key').inputValue()).toBe('');
    }
    expect((await gateway.api<{ items: unknown[] }>('/api/accounts')).body.items.length).toBe(1);
  });

  test('tells of every account that does not serve why, until when, and what to do', async () => {
    const limited = { name: 'limited', models: ['model-a'] };
    await gateway.addAccount(accountAt(upstream, 'openai-chat', limited));
    await gateway.addAccount(accountAt(upstream, 'openai-chat', { name: 'refused', models: ['model-b'] }));
    upstream.play(rateLimited(3000));
    await ask('model-a');
    upstream.play(status(401));
    await ask('model-b');
    await using watched = await openPage(browser, `${gateway.url}/ui`);
    const { page } = watched;
    const card = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
    expect(await wordsOf(card('limited'))).toMatch(/cooling\s.*limit.*since \d{4}-.* UTC until \d{4}-.* UTC/s);
    expect(await wordsOf(card('refused'))).toMatch(/invalid\s.*since .*Check at the provider/s);
    await card('limited').getByRole('button', { name: 'Clear cooldown: limited' }).click();
    await card('limited').getByText('ready').waitFor();
  });

  test('stops and starts the service', async () => {
    await using watched = await openPage(browser, `${gateway.url}/ui`);
    const { page } = watched;
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('stopped').waitFor();
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(503);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('running').waitFor();
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`fits a window of 360 pixels and can be used by keyboard alone, ${colorScheme}`, async () => {
      await gateway.addAccount(accountAt(upstream, 'openai-chat', { name: 'an account with a rather long name' }));
      const window = { viewport: { width: 360, height: 740 }, colorScheme, hasTouch: true };
      await using watched = await openPage(browser, `${gateway.url}/ui`, window);
      const { page } = watched;
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      for (const button of await page.getByRole('button').all()) {
        const { x, width } = (await button.boundingBox())!;
        expect(x >= 0 && x + width <= 360).toBe(true);
      }
      await page.getByRole('textbox', { name: 'Name' }).focus();
      await page.keyboard.type('typed');
      await page.keyboard.press('Tab');
      await page.keyboard.type('echo');
      // past key, base URL and models to the button
      for (let presses = 0; presses < 4; presses++) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('The account "typed" was added.').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    });
  }

  test('works without script', async () => {
    await using watched = await openPage(browser, `${gateway.url}/ui`, { javaScriptEnabled: false });
    const { page } = watched;
    await page.getByLabel('Name').fill('plain');
    await page.getByLabel('Provider').selectOption('echo');
    await page.getByRole('button', { name: 'Add account' }).click();
    await page.getByText('The account "plain" was added.').waitFor();
    await page.getByRole('button', { name: 'Remove: plain' }).click();
    await page.getByRole('heading', { name: 'plain' }).waitFor({ state: 'detached' });
  });
});

/** The words a person sees there. */
async function wordsOf(place: Locator): Promise<string> {
  return (await place.allInnerTexts()).join('\n');
}
