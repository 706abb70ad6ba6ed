import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { SCENARIOS } from '../../src/translate/conformance/scenario.ts';
import { CHROMIUM, openPage, startBrowser } from '../support/browser.ts';
import { type Gateway, startGateway } from '../support/executable.ts';

describe.skipIf(CHROMIUM === undefined)('the page of conformance', () => {
  let browser: Browser;
  let gateway: Gateway;

  beforeAll(async () => {
    browser = await startBrowser();
    gateway = await startGateway();
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await browser.close();
  });

  test('is found from the first page, and shows every scenario for every dialect of clients', async () => {
    await using watched = await openPage(browser, gateway.url);
    const { page } = watched;
    await page.getByRole('link', { name: 'Conformance' }).click();
    expect(await page.title()).toBe('Conformance · Trivium');
    expect(await page.getByRole('row').count()).toBe(SCENARIOS.length + 1);
    const row = page.getByRole('row', { name: /^sampling\s/ });
    expect(await row.textContent()).toMatch(/passes[\s\S]*ok, losses: .*logit_bias/);
    expect(await page.getByText(/ 0 failed$/).count()).toBe(1);

    await page.getByRole('link', { name: 'gemini' }).click();
    expect(await page.getByRole('link', { name: 'gemini' }).getAttribute('aria-current')).toBe('page');
    expect(await page.getByRole('row', { name: /^uploaded-file\s/ }).textContent()).toContain(
      'refused: translation-refused',
    );
    const reason = page.getByRole('row', { name: /^strict-tools\s/ });
    expect(await reason.textContent()).toContain('Gemini has no strict functions.');
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`can be read in a window of 360 pixels, ${colorScheme}`, async () => {
      const window = { viewport: { width: 360, height: 740 }, colorScheme };
      await using watched = await openPage(browser, `${gateway.url}/ui/conformance?client=openai-chat`, window);
      const { page } = watched;
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      // what is told of a scenario stands beside the upstream's name, and has room
      const cells = await page
        .locator('td > div')
        .evaluateAll((list) =>
          list.map((one) => one.getBoundingClientRect()).map(({ left, right, width }) => ({ left, right, width })),
        );
      expect(cells.length).toBeGreaterThan(200);
      expect(cells.filter(({ left, right, width }) => left < 100 || right > 360 || width < 120)).toEqual([]);
    });
  }

  test('shows nothing of a client that is not there, but the first', async () => {
    await using watched = await openPage(browser, `${gateway.url}/ui/conformance?client=<b>`);
    expect(await watched.page.getByRole('link', { name: 'openai-chat' }).getAttribute('aria-current')).toBe('page');
  });
});
