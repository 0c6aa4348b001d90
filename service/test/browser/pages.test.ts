import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { violationsOf } from './axe.ts';
import { hasBrowser, launch } from './browser.ts';
import { attacks, waitingProps } from './fixtures.ts';
import { pages, type Served, servePages } from './serve.ts';

const pictures = 'test-results/pages';
const views = [
  { name: 'wide', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'phone', viewport: { width: 360, height: 780 }, colorScheme: 'dark' },
] as const;

/** Letters as the machine's font has them, and as narrower and wider fonts would: nobody knows a reader's font. */
const fonts = ['normal', '-0.04em', '0.07em', '0.12em'];
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

const { operationId, approvalHash } = waitingProps().operation;

(hasBrowser() ? describe : describe.skip)('the pages in a browser', () => {
  let served: Served;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    [served, browser] = await Promise.all([servePages(), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await served.app.close();
  });

  /** Opens a page, hands it over with what the browser complained about, and closes it. */
  const visit = async (
    path: string,
    options: BrowserContextOptions,
    look: (page: Page, complaints: string[]) => Promise<void>,
  ): Promise<void> => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(served.origin + path);
    await look(page, complaints);
    await context.close();
  };

  describe.each(Object.keys(pages))('%s', (name) => {
    it.each(views)('fits and can be used by everybody: $name', async ({ name: view, ...options }) => {
      await visit(`/page/${name}`, { ...options, bypassCSP: true }, async (page, complaints) => {
        await page.screenshot({ path: `${pictures}/${name}-${view}.png`, fullPage: true });
        expect(await violationsOf(page)).toEqual([]);
        // Where there is room, a wider font changes nothing.
        for (const spacing of view === 'phone' ? fonts : fonts.slice(0, 1)) {
          await page.addStyleTag({ content: `* { letter-spacing: ${spacing} !important }` });
          expect([spacing, await page.evaluate<number>(overflow)]).toEqual([spacing, 0]);
        }
        expect(complaints).toEqual([]);
      });
    });
  });

  it('show what is folded when they are printed', async () => {
    await visit('/page/approval-large', {}, async (page) => {
      const folded = page.locator('.resource details dt').last();
      expect(await folded.isVisible()).toBe(false);
      await page.emulateMedia({ media: 'print' });
      expect((await folded.boundingBox())?.height).toBeGreaterThan(10);
    });
  });

  it('keep their header to two rows on a phone', async () => {
    await visit('/page/compliance', { viewport: { width: 360, height: 780 } }, async (page) => {
      const bar = await page.locator('.bar').boundingBox();
      const link = await page.locator('.pages a').first().boundingBox();
      expect(bar?.height).toBeLessThan(3 * (link?.height ?? 0));
      // A name of several lines would be read as several names.
      expect(link?.height).toBeLessThan(45);
    });
  });

  it.each([390, 1280])(
    'lead to eleven pages by keyboard alone, at %i px, without covering the way there',
    async (width) => {
      await visit('/page/many-pages', { viewport: { width, height: 844 }, javaScriptEnabled: false }, async (page) => {
        const more = page.locator('.pages summary');
        await more.focus();
        await page.keyboard.press('Enter');
        const reached: (string | null)[] = [];
        const visible = page.locator('.pages a:visible');
        expect(await visible.count()).toBe(11);
        for (let press = 0; press < 11; press += 1) {
          await page.keyboard.press('Tab');
          const focused = page.locator('.pages details a:focus-visible');
          if ((await focused.count()) === 0) break;
          const box = await focused.boundingBox();
          expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= width).toBe(true);
          reached.push(await focused.getAttribute('href'));
        }
        expect(reached).toHaveLength(width < 500 ? 9 : 6);
        expect(reached.at(-1)).toBe('/apps');
        await page.screenshot({ path: `${pictures}/menu-${width}.png` });
      });
    },
  );

  it('break a mail address after its @, not within a name', async () => {
    await visit('/page/approval', { viewport: { width: 390, height: 844 } }, async (page) => {
      expect(await page.locator('.change .value wbr').count()).toBeGreaterThan(0);
    });
  });

  it('keep an amount of money on one line on a phone', async () => {
    await visit('/page/approval-draft', { viewport: { width: 390, height: 844 } }, async (page) => {
      const amounts = page.locator('.impact strong');
      expect(await amounts.allTextContents()).toContain('¥5,000,000,000');
      const broken =
        "[...document.querySelectorAll('.impact strong')].filter((each) => each.getClientRects().length > 1)";
      expect(await page.evaluate<string[]>(`${broken}.map((each) => each.textContent)`)).toEqual([]);
    });
  });

  it('offer each command of the start page by itself', async () => {
    await visit('/page/home', {}, async (page) => {
      const commands = await page.locator('pre').allTextContents();
      expect(commands).toContain('claude mcp login countersign');
      expect(commands.filter((text) => /⟨|\n/.test(text))).toEqual([]);
    });
  });

  it('are styled under their own policy, and break none of it', async () => {
    await visit('/page/compliance', {}, async (page, complaints) => {
      expect(await page.evaluate("getComputedStyle(document.querySelector('.plot .line')).vectorEffect")).toBe(
        'non-scaling-stroke',
      );
      expect(complaints).toEqual([]);
    });
  });

  it.each([
    'approval-hostile',
    'approvals-hostile',
    'audit-hostile',
    'consent-hostile',
    'apps-hostile',
    'denials',
    'notices',
    'sent-notices',
    'alerts',
    'alert',
    'silences',
    'alert-routing',
  ])('show hostile values in %s, and run none', async (name) => {
    await visit(`/page/${name}`, { bypassCSP: true }, async (page) => {
      expect(await page.evaluate('window.bitten')).toBeUndefined();
      expect(await page.textContent('main')).toContain(attacks.script);
      expect(
        await page.locator('main img, main script, main svg, main [onload], main a[href^=javascript]').count(),
      ).toBe(0);
    });
  });

  it('run nothing even if markup got through, because of the policy alone', async () => {
    await visit('/breached', {}, async (page, complaints) => {
      expect(await page.evaluate('window.bitten')).toBeUndefined();
      expect(complaints.join('\n')).toContain('Content Security Policy');
    });
    await visit('/breached', { bypassCSP: true }, async (page) => {
      expect(await page.evaluate('window.bitten')).toBe(true);
    });
  });

  it('take an answer where scripts are off', async () => {
    await visit('/page/approval', { javaScriptEnabled: false }, async (page) => {
      await page.fill('#comment', 'Line one\nline two');
      await page.click('button[value=deny]');
      await page.waitForURL('**/page/operation');
      expect(served.sent.at(-1)).toEqual({
        path: `/approvals/${operationId}`,
        body: {
          csrf: waitingProps().csrf,
          approval_hash: approvalHash,
          comment: 'Line one\r\nline two',
          decision: 'deny',
        },
      });
    });
  });

  it('can be answered by keyboard alone, with the focus in sight', async () => {
    await visit('/page/approval', {}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
      expect((await page.locator('.skip').boundingBox())?.height).toBeGreaterThan(20);
      await page.keyboard.press('Enter');
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press('Tab');
        expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
        if ((await page.evaluate('document.activeElement.id')) === 'comment') break;
      }
      await page.keyboard.type('Seen');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/page/operation');
      expect(served.sent.at(-1)?.body).toMatchObject({ decision: 'approve', comment: 'Seen' });
    });
  });

  it('let five hundred resources be decided on a phone: light, searched, and with the answer one tap away', async () => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, javaScriptEnabled: false };
    await visit('/page/approval-500', phone, async (page) => {
      expect((await page.content()).length).toBeLessThan(120_000);
      expect(await page.locator('.resource h3').first().textContent()).toBe('checkout-worker-2');
      await page.locator('.jump').tap();
      const approve = page.locator('button[value=approve]');
      const box = await approve.boundingBox();
      expect((box?.y ?? 0) > 0 && (box?.y ?? 0) + (box?.height ?? 0) < 844).toBe(true);
      expect(box?.height).toBeGreaterThanOrEqual(40);
      await approve.tap();
      await page.waitForURL('**/page/operation');
      expect(served.sent.at(-1)?.body).toMatchObject({ decision: 'approve', approval_hash: approvalHash });
    });
  });

  it('send only what the person ticked', async () => {
    await visit('/page/consent', {}, async (page) => {
      await page.check('input[value="tag:write"]');
      await page.uncheck('input[value="tag:read"]');
      await page.click('button[value=allow]');
      await page.waitForURL('**/page/operation');
      expect(served.sent.at(-1)?.body).toMatchObject({ decision: 'allow', scope: 'tag:write' });
    });
  });

  it('keep their answer in sight on a wide screen while the changes are read', async () => {
    await visit('/page/approval-large', { viewport: { width: 1280, height: 900 } }, async (page) => {
      await page.locator('.resource').nth(4).scrollIntoViewIfNeeded();
      await page.mouse.wheel(0, 2000);
      const box = await page.locator('button[value=approve]').boundingBox();
      expect(box?.y).toBeGreaterThan(0);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(900);
    });
  });
});
