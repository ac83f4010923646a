import { logOut } from '../../server/requests.ts';
import type { Session } from '../../server/wire.ts';

interface AccountProps {
  access: NonNullable<Session['access']>;
  onLogout: () => void;
}

/** Who is logged in, and the way out. */
export function Account({ access: { name, role, clientId }, onLogout }: AccountProps) {
  const leave = async (): Promise<void> => {
    await logOut();
    // Drafts are not for whoever logs in next.
    sessionStorage.clear();
    onLogout();
  };
  return (
    <div class="account">
      <span title={`name of your token: ${name}`}>{name}</span>
      <span class="aside">
        {role}
        {clientId !== null && ` of ${clientId}`}
      </span>
      <button type="button" onClick={() => void leave()}>
        Log out
      </button>
    </div>
  );
}
