import type { Settings } from './settings.ts';

/** Which paths ask for the client key; `auto` has been decided. */
export type EffectiveAuthMode = 'off' | 'strict' | 'all_except_health';

/** The authentication that holds: `auto` asks for the key as soon as the LAN can reach the gateway. */
export function effectiveAuthMode(settings: Pick<Settings, 'auth_mode' | 'allow_lan_access'>): EffectiveAuthMode {
  if (settings.auth_mode !== 'auto') return settings.auth_mode;
  return settings.allow_lan_access ? 'all_except_health' : 'off';
}

/** The address to listen on. */
export function listenHost(settings: Pick<Settings, 'allow_lan_access'>): '127.0.0.1' | '0.0.0.0' {
  return settings.allow_lan_access ? '0.0.0.0' : '127.0.0.1';
}

/** Says why these settings may not be used together: a gateway that spends its owner's money must not be open by accident. */
export function findExposure(
  settings: Pick<Settings, 'auth_mode' | 'allow_lan_access' | 'allow_open_lan'>,
): string | undefined {
  if (!settings.allow_lan_access || settings.allow_open_lan || effectiveAuthMode(settings) !== 'off') return undefined;
  return (
    'allow_lan_access: true is not allowed while auth_mode is off, since everyone in the network could use your accounts; ' +
    'set auth_mode to auto, all_except_health or strict, or allow_open_lan to true if this is meant.'
  );
}
