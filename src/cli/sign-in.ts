import { asObject, asString, type JsonObject } from '../base/json.ts';
import { ask, Refused, type Session } from './accounts-session.ts';
import { EXIT } from './exit.ts';

/**
 * `trivium accounts add --sign-in`: shows the address for a browser. On this machine the browser leads back to the gateway by
 * itself; from another one its last address is pasted here.
 */
export async function signIn(session: Session, account: JsonObject): Promise<number> {
  const { terminal } = session;
  const begun = await ask(session, 'POST', '/sign-ins', account);
  terminal.tell(`Open this address in a browser and sign in:\n\n${begun.url}\n`);
  terminal.tell(
    'When the browser says that the account was added, press Enter. If it cannot open the last page, paste the address of that page here:',
  );
  for await (const line of terminal.lines()) {
    const pasted = line.trim();
    const item =
      pasted === ''
        ? await ask(session, 'GET', `/sign-ins/${begun.id}`)
        : await ask(session, 'POST', '/sign-ins/callback', { url: pasted });
    if (item.state === 'done') return tellDone(session, item);
    if (item.state === 'failed') throw new Refused(`The account was not added. ${asString(item.error) ?? ''}`.trim());
    terminal.tell('Nobody has signed in yet.');
  }
  throw new Refused('The account was not added: nobody signed in.');
}

function tellDone({ terminal }: Session, { account }: JsonObject): number {
  const test = asObject(asObject(account)?.test);
  terminal.tell(`The account "${asString(asObject(account)?.name)}" was added.`);
  if (test?.ok === false) terminal.tell(`It does not work yet: ${asString(asObject(test.error)?.message)}`);
  return EXIT.fine;
}
