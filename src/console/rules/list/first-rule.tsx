import { useConsole } from '../../app/console.ts';
import { newRulePath } from '../addresses.ts';
import { textOf } from '../editor/templates/templates.ts';
import { CopyText } from '../../design/copy-text.tsx';

/** How to create the first rule. */
export function FirstRule({ clientId }: { clientId: string }) {
  const { may } = useConsole();
  const address = `${location.origin}/api/clients/${clientId}/rules/too-hot`;
  return (
    <section class="panel first-rule" aria-label="the first rule">
      <header>
        <h2>No rules yet</h2>
      </header>
      <p>
        A rule says which events of a client it reads, and when it fires. This one has an alert for each machine: it
        fires when the machine was above 80 °C for 5 minutes.
      </p>
      {may('editor') && (
        <p>
          <a class="button primary" href={newRulePath(null)}>
            Write it here
          </a>
        </p>
      )}
      {!may('editor') && <p class="aside">Your role may not create rules. Somebody with the role editor may.</p>}
      <CopyText label="the rule" text={textOf('above', clientId) ?? ''} />
      <p>
        Or save it as <code>too-hot.yaml</code> and create it on the command line, which checks it and shows what
        changes:
      </p>
      <CopyText label="the command" text="vigil rules apply too-hot.yaml" />
      <p>or over HTTP:</p>
      <CopyText label="the request" text={`curl -X PUT ${address} --data-binary @too-hot.yaml`} />
    </section>
  );
}
