/** A page of the web UI. */
export interface UiPage {
  readonly path: string;
  readonly name: 'accounts' | 'conformance' | 'signIn';
  /** True: it can be seen without signing in. */
  readonly open?: true;
}

/** Every page, in the order of the navigation. */
export const PAGES: readonly UiPage[] = [
  { path: '/ui', name: 'accounts' },
  { path: '/ui/conformance', name: 'conformance' },
  { path: '/ui/sign-in', name: 'signIn', open: true },
];
