/** Where a user signs in and tokens are given out. */
export interface AuthorizationServer {
  readonly issuer: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
}

/** Google's. https://accounts.google.com/.well-known/openid-configuration */
export const GOOGLE: AuthorizationServer = {
  issuer: 'https://accounts.google.com',
  authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenUrl: 'https://oauth2.googleapis.com/token',
};

/**
 * What a sign-in asks for: the Gemini API and Vertex AI.
 * https://ai.google.dev/gemini-api/docs/oauth https://cloud.google.com/vertex-ai/docs/authentication
 */
export const GOOGLE_SCOPES: readonly string[] = [
  'https://www.googleapis.com/auth/cloud-platform',
  'https://www.googleapis.com/auth/generative-language.retriever',
];

/** What a service account asks for. */
export const SERVICE_ACCOUNT_SCOPES: readonly string[] = ['https://www.googleapis.com/auth/cloud-platform'];

/** The server behind a token address; an owner may have named another one than Google's. */
export function serverOf(tokenUrl: string | undefined): AuthorizationServer {
  if (tokenUrl === undefined || tokenUrl === GOOGLE.tokenUrl) return GOOGLE;
  return { issuer: new URL(tokenUrl).origin, authorizationUrl: GOOGLE.authorizationUrl, tokenUrl };
}
