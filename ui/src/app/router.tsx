// The pages and their addresses. Hash history: the window is served from the bundle, where no path but / exists.
import { Trans } from "@lingui/react/macro";
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { ContactsPage } from "../contacts/contacts-page";
import { NoPersonOpen } from "../contacts/no-person-open";
import { PersonPane } from "../contacts/person-pane";
import { ChatsPage } from "../conversations/chats-page";
import { NoChatOpen } from "../conversations/no-chat-open";
import { ImportPage } from "../import/import-page";
import { KeepPage } from "../keep/keep-page";
import { ReaderPane } from "../reader/reader-pane";
import { SearchPage } from "../search/search-page";
import { SettingsPage } from "../settings/settings-page";
import { SyncPage } from "../sync/sync-page";
import { Failure } from "./failure";
import type { Jump } from "./jump";
import { Shell } from "./shell";

const root = createRootRoute({ component: Shell, errorComponent: ({ error }) => <Failure fault={error} /> });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/chats", replace: true });
  },
});

const welcome = createRoute({ getParentRoute: () => root, path: "/welcome" });

const chats = createRoute({ getParentRoute: () => root, path: "/chats", component: ChatsPage });

const noChat = createRoute({ getParentRoute: () => chats, path: "/", component: NoChatOpen });

const chat = createRoute({ getParentRoute: () => chats, path: "$chatId", component: ReaderPane });

const search = createRoute({ getParentRoute: () => root, path: "/search", component: SearchPage });

const contacts = createRoute({ getParentRoute: () => root, path: "/contacts", component: ContactsPage });

const nobody = createRoute({ getParentRoute: () => contacts, path: "/", component: NoPersonOpen });

const person = createRoute({ getParentRoute: () => contacts, path: "$personId", component: PersonPane });

const sync = createRoute({ getParentRoute: () => root, path: "/sync", component: SyncPage });

const bringIn = createRoute({ getParentRoute: () => root, path: "/import", component: ImportPage });

const keep = createRoute({ getParentRoute: () => root, path: "/sync/keep/$accountId", component: KeepPage });

const settings = createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsPage });

const tree = root.addChildren([
  home,
  welcome,
  chats.addChildren([noChat, chat]),
  search,
  contacts.addChildren([nobody, person]),
  sync,
  bringIn,
  keep,
  settings,
]);

export function makeRouter(history: RouterHistory = createHashHistory()) {
  return createRouter({
    routeTree: tree,
    history,
    defaultNotFoundComponent: NotHere,
  });
}

function NotHere() {
  return (
    <main className="grid h-full place-items-center">
      <Link to="/chats" className="btn">
        <Trans>To the chats</Trans>
      </Link>
    </main>
  );
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
  interface HistoryState {
    /** The message at which a chat is opened. */
    jump?: Jump;
    /** The keys go on in the chat that is opened. */
    takesFocus?: boolean;
  }
}
