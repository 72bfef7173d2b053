import { Outlet, useParams } from "@tanstack/react-router";
import { ContactColumn } from "./contact-column";

/** The people and the one beside them; in a narrow window one of the two. */
export function ContactsPage() {
  const { personId } = useParams({ strict: false });
  return (
    <div className="grid h-full grid-cols-[332px_minmax(0,1fr)] max-[900px]:grid-cols-[272px_minmax(0,1fr)] narrow:grid-cols-1">
      <div
        data-pane="list"
        className={`h-full min-h-0 min-w-0 ${personId === undefined ? "" : "narrow:hidden"}`}
      >
        <ContactColumn openId={personId} />
      </div>
      <div
        data-pane="person"
        className={`h-full min-h-0 min-w-0 ${personId === undefined ? "narrow:hidden" : ""}`}
      >
        <Outlet />
      </div>
    </div>
  );
}
