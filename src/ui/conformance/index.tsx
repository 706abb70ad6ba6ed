/** @jsxImportSource preact */
import { Elysia } from 'elysia';
import { Layout } from '../layout.tsx';
import type { UiParts } from '../parts.ts';
import { renderPage } from '../render.ts';
import { ConformancePage } from './view.tsx';

/** The page that shows what becomes of each scenario between each two dialects. */
export function conformancePage(parts: UiParts) {
  const { texts, asset, conformance } = parts;
  const show = (wanted: string | undefined) => {
    const client = conformance.clients.find((one) => one === wanted) ?? conformance.clients[0]!;
    const { clients, upstreams } = conformance;
    const view = { texts, client, clients, upstreams, rows: conformance.rows(client) };
    return renderPage(
      <Layout frame={{ title: texts.pages.conformance, texts, asset }}>
        <ConformancePage view={view} />
      </Layout>,
    );
  };
  return new Elysia({ name: 'ui-conformance' }).get(
    '/ui/conformance',
    ({ request, server, query }) => parts.enter(request, server?.requestIP(request)?.address, () => show(query.client)),
    { parse: 'none' },
  );
}
