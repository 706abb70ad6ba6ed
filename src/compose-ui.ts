import { Elysia } from 'elysia';
import { AdminError } from './admin/admin-error.ts';
import { createConformanceAdmin } from './admin/conformance.ts';
import { embeddedFolder, readRecorded } from './embedded.ts';
import type { AdminParts } from './routes/admin/index.ts';
import { respondAdmin } from './routes/admin/respond-admin.ts';
import type { AppPlugin } from './routes/index.ts';
import { accountsPage } from './ui/accounts/index.tsx';
import { assetRoutes, readAssets } from './ui/assets.ts';
import { conformancePage } from './ui/conformance/index.tsx';
import { en } from './ui/locales/en.ts';
import type { UiParts } from './ui/parts.ts';
import { redirect } from './ui/render.ts';
import { signInPage } from './ui/sign-in/index.tsx';

/** Joins the pages over what an owner can do. */
export async function composeUi(admin: AdminParts): Promise<readonly AppPlugin[]> {
  const folder = embeddedFolder('public');
  // waited for: a plugin that is still coming would make Elysia put a handler of its own in the place of ours later
  const assets = await assetRoutes(folder);
  const parts: UiParts = {
    texts: en,
    asset: readAssets(folder),
    accounts: admin.accounts,
    addAccount: admin.addAccount,
    importAccounts: admin.importAccounts,
    offeredAccounts: admin.offeredAccounts,
    checks: admin.checks,
    service: admin.service,
    conformance: createConformanceAdmin(readRecorded),
    enter: async (request, address, act) => {
      try {
        await admin.gate.check(request, address);
      } catch (thrown) {
        if (thrown instanceof AdminError) return leadToSignIn(request);
        throw thrown;
      }
      return respondAdmin(admin.log, 200, act);
    },
    signIn: admin.gate.signIn,
    signOut: admin.gate.signOut,
  };
  const home = new Elysia({ name: 'ui-home' }).get('/', () => redirect('/ui'), { parse: 'none' });
  return [home, accountsPage(parts), conformancePage(parts), signInPage(parts), assets] as unknown as AppPlugin[];
}

/** A browser is sent to the page; htmx, which would put it in a corner of this one, is told to go there. */
function leadToSignIn(request: Request): Response {
  if (request.headers.get('hx-request') !== 'true') return redirect('/ui/sign-in');
  return new Response(null, { status: 401, headers: { 'hx-redirect': '/ui/sign-in' } });
}
